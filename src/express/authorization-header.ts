/**
 * The usual way of a token into a request: `Authorization: Bearer …` (RFC 6750 s2.1).
 */
import type { IncomingMessage } from 'node:http'
import { parseBearerToken } from '../verify/adapter-kit.ts'
import { TokenError } from '../verify/index.ts'

/**
 * The bearer token of a request; `undefined` where it has none.
 * @throws {@link TokenError} `ERR_TOKEN_REQUEST` for a malformed or repeated header
 */
export function readBearerToken(req: IncomingMessage): string | undefined {
  const { authorization } = req.headers
  if (authorization === undefined) return undefined
  // Node keeps the first of several and hides the rest
  if (countHeaders(req.rawHeaders, 'authorization') > 1) throw new TokenError('ERR_TOKEN_REQUEST')
  return parseBearerToken([authorization])
}

/** In `rawHeaders`, names and values take turns. */
function countHeaders(rawHeaders: readonly string[], name: string): number {
  const found = rawHeaders.filter((text, at) => {
    // Stryker disable next-line ConditionalExpression: it only spares the time for what the next line refuses as well
    if (text.length !== name.length) return false
    return at % 2 === 0 && text.toLowerCase() === name
  })
  return found.length
}
