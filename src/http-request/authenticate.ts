/**
 * Verifies the token of a request of any kind.
 */
import {
  assertB64Token,
  assertVerifiedToken,
  fastPathOf,
  isPromise,
  missingBearer,
  settle,
  splitBearer,
} from '../verify/adapter-kit.ts'
import { isJwtGateError, TokenError, type VerifiedToken, type Verifier } from '../verify/index.ts'
import type { ReadHeader } from './bearer-header.ts'
import type { TokenRequestSettings } from './request-options.ts'

/**
 * The verified token of a request: at once if nothing has to be waited for, which is faster, else in a promise of the engine's
 * own. Nothing but a verified token is ever returned or resolved with, whatever `getToken` and a wrapped verifier return.
 */
export function authenticate<Claims, Req>(
  verifier: Verifier<Claims>,
  req: Req,
  { getToken }: TokenRequestSettings,
  readHeader: ReadHeader<Req>,
): VerifiedToken<Claims> | Promise<VerifiedToken<Claims>> {
  if (getToken === undefined) {
    const authorization = readHeader(req, 'authorization')
    const credentials = authorization === undefined ? undefined : splitBearer(authorization)
    if (credentials === undefined) throw missingBearer(authorization)
    return verifyCredentials(verifier, credentials)
  }
  const token: unknown = getToken(req as never)
  return isPromise(token) ? verifyLater(verifier, token) : verifyToken(verifier, token)
}

/** The token of a rejected request, read as it was before; `undefined` if there is none, or it cannot be read. Never rejects. */
export async function readRejectedToken<Req>(
  req: Req,
  { getToken }: Partial<TokenRequestSettings> = {},
  readHeader: ReadHeader<Req>,
): Promise<unknown> {
  try {
    if (getToken) return await settle('getToken', getToken(req as never))
    return splitBearer(readHeader(req, 'authorization') ?? '')
  } catch {
    return undefined
  }
}

/**
 * What follows `Bearer`. Characters that no token has make the request malformed (RFC 6750 s3.1). The verifier rejects them as
 * well, so they are looked for only then: to look for them first takes as long as a cached token.
 */
function verifyCredentials<Claims>(
  verifier: Verifier<Claims>,
  credentials: string,
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

export function verifyToken<Claims>(
  verifier: Verifier<Claims>,
  found: unknown,
): VerifiedToken<Claims> | Promise<VerifiedToken<Claims>> {
  const token = assertString(found)
  const verifyNow = fastPathOf(verifier)
  if (verifyNow === undefined) return complete(verifier.verify(token))
  const verified = verifyNow(token)
  return isPromise(verified) ? complete(verified) : verified
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
