/**
 * Verifies the token of a request, for Express and any other Node server.
 */
import type { IncomingMessage } from 'node:http'
import {
  assertAccess,
  assertB64Token,
  assertVerifiedToken,
  assertVerifier,
  fastPathOf,
  isPromise,
  missingBearer,
  settle,
} from '../verify/adapter-kit.ts'
import {
  isJwtGateError,
  type Presented,
  TokenError,
  type VerifiedToken,
  type Verifier,
} from '../verify/index.ts'
import {
  readVerifyRequestOptions,
  type TokenRequestSettings,
  type VerifyRequestOptions,
} from './options.ts'
import { readBearerCredentials, readDpopCredentials } from './request/authorization-header.ts'
import { toPresented } from './request/presented.ts'
import { type RequestLike, readHeader } from './request/request-headers.ts'
import { reject } from './request-events.ts'

/**
 * Verifies the token of a request, for servers without Express and for WebSocket upgrades.
 *
 * The error has the members for an HTTP response: `statusCode`, `headers` (including `WWW-Authenticate`, RFC 6750 s3) and
 * `expose`, which is `true` if the client may see the `message`.
 *
 * @example
 * ```ts
 * const server = createServer(async (req, res) => {
 *   try {
 *     const { claims } = await verifyRequest(verifier, req)
 *     res.end(`Hello ${claims.sub}`)
 *   } catch (error) {
 *     const { statusCode = 500, headers = {} } = error as Partial<HttpErrorMembers>
 *     res.writeHead(statusCode, headers).end()
 *   }
 * })
 * ```
 * @param verifier - the return value of `createVerifier`
 * @param req - a request of `node:http`, `node:https` or the compatibility API of `node:http2`, or an object with `headers`
 * @param options - how the token is read, and the rule that it must meet (`access`)
 * @returns the verified token
 * @throws {@link TokenError} `ERR_TOKEN_MISSING`, `ERR_TOKEN_REQUEST` or any other code if the request is rejected
 * @throws {@link AccessError} if the token does not meet `access`
 * @throws {@link KeysError} or {@link AccessError} like `verify`, and any error of `getToken`
 * @throws {@link ConfigError} `ERR_CONFIG_INVALID` that names the invalid option, or says what to pass instead of `req`: a web
 * `Request` or the wrapper of a framework is no request of Node
 */
export async function verifyRequest<Claims, Req extends RequestLike = IncomingMessage>(
  verifier: Verifier<Claims>,
  req: Req,
  options: VerifyRequestOptions<NoInfer<Req>, NoInfer<Claims>> = {},
): Promise<VerifiedToken<Claims>> {
  assertVerifier(verifier)
  const settings = readVerifyRequestOptions(options, verifier)
  try {
    const verified = await authenticate(verifier, req, settings)
    if (settings.access) assertAccess(verified, settings.access)
    return verified
  } catch (thrown) {
    throw reject(thrown, req, settings)
  }
}

/**
 * The verified token of a request: at once if nothing has to be waited for, which is faster, else in a promise of the engine's
 * own. Nothing but a verified token is ever returned or resolved with, whatever `getToken` and a wrapped verifier return.
 */
export function authenticate<Claims>(
  verifier: Verifier<Claims>,
  req: RequestLike,
  { getToken, presented }: TokenRequestSettings,
): VerifiedToken<Claims> | Promise<VerifiedToken<Claims>> {
  if (getToken === undefined) {
    const bound = presented?.takesDpop ? readDpopCredentials(req) : undefined
    const credentials = bound ?? readBearerCredentials(req)
    if (credentials === undefined) throw missingBearer(readHeader(req, 'authorization'))
    const scheme = bound === undefined ? 'Bearer' : 'DPoP'
    return verifyCredentials(
      verifier,
      credentials,
      presented && toPresented(req, scheme, presented),
    )
  }
  const token: unknown = getToken(req)
  const also = presented && toPresented(req, undefined, presented)
  return isPromise(token) ? verifyLater(verifier, token, also) : verifyToken(verifier, token, also)
}

/**
 * What follows the scheme. Characters that no token has make the request malformed (RFC 6750 s3.1). The verifier rejects them as
 * well, so they are looked for only then: to look for them first takes as long as a cached token.
 */
function verifyCredentials<Claims>(
  verifier: Verifier<Claims>,
  credentials: string,
  presented: Presented | undefined,
): VerifiedToken<Claims> | Promise<VerifiedToken<Claims>> {
  if (fastPathOf(verifier) === undefined) assertB64Token(credentials)
  try {
    return verifyToken(verifier, credentials, presented)
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
  presented: Presented | undefined,
): Promise<VerifiedToken<Claims>> {
  return verifyToken(verifier, await settle('getToken', pending), presented)
}

function verifyToken<Claims>(
  verifier: Verifier<Claims>,
  found: unknown,
  presented: Presented | undefined,
): VerifiedToken<Claims> | Promise<VerifiedToken<Claims>> {
  const token = assertString(found)
  const verifyNow = fastPathOf(verifier)
  if (verifyNow === undefined) return complete(callVerify(verifier, token, presented))
  const verified = verifyNow(token, presented)
  return isPromise(verified) ? complete(verified) : verified
}

/** A function that wraps `verify` gets a second argument only if there is one. */
function callVerify(
  verifier: Verifier<unknown>,
  token: string,
  presented: Presented | undefined,
): unknown {
  return presented === undefined ? verifier.verify(token) : verifier.verify(token, presented)
}

/** Awaits and checks the result of `verify`: a verifier that a user has wrapped may return anything. */
async function complete<Claims>(outcome: unknown): Promise<VerifiedToken<Claims>> {
  const verified = await settle('verifier', outcome)
  assertVerifiedToken(verified)
  return verified as VerifiedToken<Claims>
}

/** Ensures that a function that wraps `verify` always receives a string. */
function assertString(token: unknown): string {
  if (typeof token === 'string') return token
  throw new TokenError(
    token === undefined || token === null ? 'ERR_TOKEN_MISSING' : 'ERR_TOKEN_MALFORMED',
  )
}
