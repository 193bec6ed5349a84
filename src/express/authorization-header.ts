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

function countHeaders(rawHeaders: readonly string[], name: string): number {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const header = rawHeaders[at]
    if (header?.length === name.length && header.toLowerCase() === name) count++
  }
  return count
}
