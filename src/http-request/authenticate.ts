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
  splitDpop,
} from '../verify/adapter-kit.ts'
import {
  isJwtGateError,
  type Presented,
  TokenError,
  type VerifiedToken,
  type Verifier,
} from '../verify/index.ts'
import type { ReadHeader } from './bearer-header.ts'
import { type PresentedReader, toPresented } from './presented.ts'
import type { TokenRequestSettings } from './request-options.ts'

/**
 * The verified token of a request: at once if nothing has to be waited for, which is faster, else in a promise of the engine's
 * own. Nothing but a verified token is ever returned or resolved with, whatever `getToken` and a wrapped verifier return.
 */
export function authenticate<Claims, Req>(
  verifier: Verifier<Claims>,
  req: Req,
  { getToken, presented }: TokenRequestSettings,
  reader: PresentedReader<Req>,
): VerifiedToken<Claims> | Promise<VerifiedToken<Claims>> {
  if (getToken === undefined) {
    const authorization = reader.readHeader(req, 'authorization')
    const bound = presented?.dpop && authorization !== undefined && splitDpop(authorization)
    const credentials = bound || (authorization && splitBearer(authorization))
    if (!credentials) throw missingBearer(authorization)
    const scheme = bound ? 'DPoP' : 'Bearer'
    const also = presented && toPresented(req, scheme, presented, reader)
    return verifyCredentials(verifier, credentials, also)
  }
  const token: unknown = getToken(req as never)
  const also = presented && toPresented(req, undefined, presented, reader)
  return isPromise(token) ? verifyLater(verifier, token, also) : verifyToken(verifier, token, also)
}

/** The token of a rejected request, read as it was before; `undefined` if there is none, or it cannot be read. Never rejects. */
export async function readRejectedToken<Req>(
  req: Req,
  { getToken }: Partial<TokenRequestSettings> = {},
  readHeader: ReadHeader<Req>,
): Promise<unknown> {
  try {
    if (getToken) return await settle('getToken', getToken(req as never))
    const authorization = readHeader(req, 'authorization') ?? ''
    return splitBearer(authorization) ?? splitDpop(authorization)
  } catch {
    return undefined
  }
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

export function verifyToken<Claims>(
  verifier: Verifier<Claims>,
  found: unknown,
  presented: Presented | undefined,
): VerifiedToken<Claims> | Promise<VerifiedToken<Claims>> {
  const token = assertString(found)
  const verifyNow = fastPathOf(verifier)
  if (verifyNow === undefined) return complete(callVerify(verifier, token, presented))
  return verifyNow(token, presented)
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
