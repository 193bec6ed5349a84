/**
 * The whole way from a request to its verified token, for Express and for every other server of Node's.
 */
import type { IncomingMessage } from 'node:http'
import {
  assertB64Token,
  assertVerifiedToken,
  assertVerifier,
  fastPathOf,
  isPromise,
  settle,
} from '../verify/adapter-kit.ts'
import { isJwtGateError, TokenError, type VerifiedToken, type Verifier } from '../verify/index.ts'
import { readBearerCredentials } from './authorization-header.ts'
import { toHttpError } from './http-error.ts'
import {
  readVerifyRequestOptions,
  type VerifyRequestOptions,
  type VerifyRequestSettings,
} from './options.ts'

/**
 * Verifies the token of a request, for servers without Express and for WebSocket upgrades. It rejects with an error that
 * has what an answer needs: `statusCode`, `headers` (the `WWW-Authenticate` challenge among them), and `expose`, whether
 * the client may see the `message`.
 *
 * @example
 * ```ts
 * const server = createServer(async (req, res) => {
 *   const { claims } = await verifyRequest(verifier, req)
 *   res.end(`Hello ${claims.sub}`)
 * })
 * ```
 * @param req - any request of `node:http`, `node:https` or `node:http2`'s compatibility API
 * @throws {@link TokenError}, {@link AccessError} or {@link KeysError} for the request; {@link ConfigError} that names the
 * option that is wrong
 */
export async function verifyRequest<Claims>(
  verifier: Verifier<Claims>,
  req: IncomingMessage,
  options: VerifyRequestOptions = {},
): Promise<VerifiedToken<Claims>> {
  assertVerifier(verifier)
  const settings = readVerifyRequestOptions(options)
  try {
    return await authenticate(verifier, req, settings)
  } catch (error) {
    throw toHttpError(error, settings)
  }
}

/**
 * The verified token of a request: at once if nothing has to be waited for, which is faster, else in a promise of the engine's
 * own. Nothing but a verified token is ever returned or resolved with, whatever `getToken` and a wrapped verifier return.
 */
export function authenticate<Claims>(
  verifier: Verifier<Claims>,
  req: IncomingMessage,
  { getToken }: VerifyRequestSettings,
): VerifiedToken<Claims> | Promise<VerifiedToken<Claims>> {
  if (getToken === undefined) return verifyCredentials(verifier, readBearerCredentials(req))
  const token: unknown = getToken(req)
  return isPromise(token) ? verifyLater(verifier, token) : verifyToken(verifier, token)
}

/**
 * What follows `Bearer`. Characters that no token has make the request malformed (RFC 6750 s3.1). The verifier rejects them as
 * well, so they are looked for only then: to look for them first takes as long as a cached token.
 */
function verifyCredentials<Claims>(
  verifier: Verifier<Claims>,
  credentials: string | undefined,
): VerifiedToken<Claims> | Promise<VerifiedToken<Claims>> {
  if (fastPathOf(verifier) === undefined) assertB64Token(credentials)
  try {
    return verifyToken(verifier, credentials)
  } catch (error) {
    if (isMalformed(error)) assertB64Token(credentials)
    throw error
  }
}

function isMalformed(error: unknown): boolean {
  return isJwtGateError(error) && error.code === 'ERR_TOKEN_MALFORMED'
}

async function verifyLater<Claims>(
  verifier: Verifier<Claims>,
  pending: PromiseLike<unknown>,
): Promise<VerifiedToken<Claims>> {
  return verifyToken(verifier, await settle('getToken', pending))
}

function verifyToken<Claims>(
  verifier: Verifier<Claims>,
  found: unknown,
): VerifiedToken<Claims> | Promise<VerifiedToken<Claims>> {
  const token = assertString(found)
  const verifyNow = fastPathOf(verifier)
  if (verifyNow === undefined) return complete(verifier.verify(token))
  const verified = verifyNow(token)
  return isPromise(verified) ? complete(verified) : verified
}

/** What `verify` returned: of a verifier that a user has wrapped, it may be anything. */
async function complete<Claims>(outcome: unknown): Promise<VerifiedToken<Claims>> {
  const verified = await settle('verifier', outcome)
  assertVerifiedToken(verified)
  return verified as VerifiedToken<Claims>
}

/** A function that wraps `verify` need not be ready for anything but text. */
function assertString(token: unknown): string {
  if (typeof token === 'string') return token
  throw new TokenError(
    token === undefined || token === null ? 'ERR_TOKEN_MISSING' : 'ERR_TOKEN_MALFORMED',
  )
}
