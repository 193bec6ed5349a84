/**
 * Every error code, and a way for a user of the package to cause it. No error includes any text of a token.
 */
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { inspect } from 'node:util'
import {
  authorize,
  createVerifier,
  isJwtGateError,
  JwtGateError,
  type JwtGateErrorCode,
  type TrustedIssuer,
  type VerifiedToken,
  type VerifierOptions,
} from 'jwt-gate'
import { cookieToken } from 'jwt-gate/express'
import { claimsFromEvent } from 'jwt-gate/lambda-authorizer'
import { createRevocations, memoryRevocationStore } from 'jwt-gate/stores'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { ERROR_CODES } from '../../src/verify/errors.ts'
import { createBound, SECRET } from './support/bound.ts'
import { firstKey } from './support/raw-token.ts'

/** Put wherever a token can hold text. It must not appear in an error. */
const CANARY = 'canary-5f0c'
const issuer = await createTestIssuer()
const iss = issuer.issuer
const good = { iss, exp: 4_000_000_000, sub: CANARY, jti: CANARY }

type Claims = Record<string, unknown>
const verifierOf = (change: Partial<TrustedIssuer> = {}, options: VerifierOptions = {}) =>
  createVerifier({ issuer: iss, audience: null, jwks: issuer.jwks, ...change }, options)
const verifierOver = (fetch: typeof globalThis.fetch) =>
  createVerifier({ issuer: iss, audience: null, jwksUri: issuer.jwksUri }, { fetch })
const withHeader = async (header: Claims, change: Partial<TrustedIssuer> = {}) =>
  verifierOf(change).verify(await issuer.token(good, { header: { x: CANARY, ...header } }))
const withClaims = async (claims: Claims, change: Partial<TrustedIssuer> = {}) =>
  verifierOf(change).verify(await issuer.token({ ...good, ...claims }))
const verified = (): Promise<VerifiedToken> => withClaims({ scope: CANARY, groups: [CANARY] })

function readTwoCookies(): unknown {
  const request = Object.assign(new IncomingMessage(new Socket()), { method: 'GET' })
  request.headers.cookie = `token=${CANARY}; token=${CANARY}`
  return cookieToken('token')(request)
}

const fail = () => Promise.reject(new Error('down'))

interface Row {
  readonly name: 'ConfigError' | 'TokenError' | 'AccessError' | 'KeysError' | 'StoreError'
  readonly status: number
  readonly provoke: () => unknown
}
const token = (provoke: Row['provoke'], status = 401): Row => ({
  name: 'TokenError',
  status,
  provoke,
})
const access = (provoke: Row['provoke']): Row => ({ name: 'AccessError', status: 403, provoke })
const keys = (provoke: Row['provoke']): Row => ({ name: 'KeysError', status: 503, provoke })

const store = (provoke: Row['provoke']): Row => ({ name: 'StoreError', status: 503, provoke })

const createList = () => createRevocations({ store: memoryRevocationStore(), whenStale: 'refuse' })
async function sendRevoked(): Promise<unknown> {
  const revocations = createList()
  await revocations.revoke({ issuer: iss, sub: CANARY, until: good.exp })
  return verifierOf({}, { revocations }).verify(await issuer.token(good))
}

/** The compiler compares the keys of this table with the codes. A test below does so at run time. */
const TABLE: Record<JwtGateErrorCode, Row> = {
  ERR_CONFIG_INVALID: {
    name: 'ConfigError',
    status: 500,
    provoke: () => createVerifier({ issuer: iss } as TrustedIssuer),
  },
  ERR_TOKEN_MISSING: token(() => verifierOf().verify('')),
  ERR_TOKEN_REQUEST: token(readTwoCookies, 400),
  ERR_TOKEN_TOO_LARGE: token(() => verifierOf().verify(CANARY.repeat(2_000))),
  ERR_TOKEN_MALFORMED: token(() => verifierOf().verify(`${CANARY}.${CANARY}.${CANARY}`)),
  ERR_TOKEN_UNSUPPORTED: token(() => withHeader({ crit: [CANARY] })),
  ERR_TOKEN_ALGORITHM: token(() => withHeader({ alg: CANARY })),
  ERR_TOKEN_TYPE: token(() => withHeader({ typ: CANARY })),
  ERR_TOKEN_SIGNATURE: token(() => withHeader({ kid: issuer.keys[1]?.kid })),
  ERR_TOKEN_EXPIRED: token(() => withClaims({ exp: 1 })),
  ERR_TOKEN_NOT_ACTIVE: token(() => withClaims({ nbf: 3_999_999_999 })),
  ERR_TOKEN_TOO_OLD: token(() => withClaims({ iat: 1 }, { maxTokenAgeSeconds: 60 })),
  ERR_TOKEN_REVOKED: token(sendRevoked),
  ERR_TOKEN_CHECK: token(async () =>
    verifierOf({}, { check: async () => false as never }).verify(await issuer.token(good)),
  ),
  ERR_CLAIM_ISSUER: token(() => withClaims({ iss: `https://${CANARY}.example` })),
  ERR_CLAIM_AUDIENCE: token(() => withClaims({ aud: CANARY }, { audience: 'api' })),
  ERR_CLAIM_CLIENT_ID: token(() => withClaims({ client_id: CANARY }, { clientId: 'app' })),
  ERR_CLAIM_TOKEN_USE: token(() => withClaims({ token_use: CANARY }, { tokenUse: 'access' })),
  ERR_CLAIM_MISSING: token(() => withClaims({}, { requiredClaims: ['tenant'] })),
  ERR_CLAIM_INVALID: token(() => withClaims({ exp: CANARY })),
  ERR_KEY_NOT_FOUND: token(() => withHeader({ kid: CANARY })),
  ERR_KEY_UNUSABLE: token(() => withHeader({ alg: 'RS512' })),
  ERR_PROOF_MISSING: token(async () => (await createBound()).send({}, { proof: undefined })),
  ERR_PROOF_INVALID: token(async () => (await createBound()).send({ method: CANARY })),
  ERR_PROOF_NONCE: token(async () =>
    (await createBound({ nonce: { secret: SECRET } })).send({ nonce: CANARY }),
  ),
  ERR_PROOF_REPLAYED: token(async () => {
    const { send } = await createBound()
    await send({ claims: { jti: CANARY } })
    await send({ claims: { jti: CANARY } })
  }),
  ERR_CERTIFICATE_MISMATCH: token(async () => {
    const token = await issuer.token({ ...good, cnf: { 'x5t#S256': CANARY } })
    const presented = { scheme: 'Bearer', certificate: Buffer.from(CANARY) }
    return verifierOf({}, { mtls: true }).verify(token, presented)
  }),
  ERR_ACCESS_SCOPE: access(async () => authorize(await verified(), { scopes: ['admin'] })),
  ERR_ACCESS_GROUP: access(async () => authorize(await verified(), { groups: ['admin'] })),
  ERR_ACCESS_DENIED: access(async () => authorize(await verified(), { check: () => false })),
  ERR_ACCESS_AUTHENTICATION: {
    ...access(async () => authorize(await verified(), { acr: ['mfa'] })),
    status: 401,
  },
  ERR_CLAIMS_PARTIAL: access(() =>
    claimsFromEvent({
      requestContext: { authorizer: { lambda: { jwtPartial: true, sub: CANARY } } },
    }),
  ),
  ERR_JWKS_UNAVAILABLE: keys(async () =>
    verifierOver(async () => new Response(CANARY, { status: 500, statusText: CANARY })).verify(
      await issuer.token(good),
    ),
  ),
  ERR_JWKS_INVALID: keys(async () =>
    verifierOver(async () => new Response(`{"keys":"${CANARY}`)).verify(await issuer.token(good)),
  ),
  ERR_JWKS_NOT_LOADED: keys(async () =>
    verifierOver(async () => Response.error()).verifySync(await issuer.token(good)),
  ),
  ERR_STORE_UNAVAILABLE: store(async () => (await createBound({ replay: { claim: fail } })).send()),
  ERR_REVOCATIONS_UNAVAILABLE: store(async () =>
    verifierOf({}, { revocations: createList() }).verifySync(await issuer.token(good)),
  ),
}
const ROWS = Object.entries(TABLE).map(([code, row]) => ({ code, ...row }))

/** The error, wherever it is thrown. */
async function caught(provoke: () => unknown): Promise<JwtGateError> {
  const error: unknown = await (async () => provoke())().catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(JwtGateError)
  return error as JwtGateError
}

test('the table includes every code', () => {
  expect(Object.keys(TABLE).sort()).toEqual([...ERROR_CODES].sort())
})

describe.each(ROWS)('$code', ({ code, name, status, provoke }) => {
  test(`is a ${name} with status ${status}`, async () => {
    const error = await caught(provoke)

    expect(error).toMatchObject({ code, name, status })
    expect(error).toMatchObject({ statusCode: status, expose: status < 500 })
    expect(isJwtGateError(error)).toBe(true)
  })

  test('has the same message every time, which is safe in a header', async () => {
    const { message } = await caught(provoke)

    expect((await caught(provoke)).message).toBe(message)
    expect(message.length).toBeGreaterThan(10)
    // RFC 6750 s3. A ConfigError never leaves the process, and has the name of its option in quotes
    if (name !== 'ConfigError') expect(message).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/)
  })

  test('includes nothing from the token or the issuer', async () => {
    const error = await caught(provoke)

    const said = [
      String(error),
      JSON.stringify(error),
      JSON.stringify({ ...error }),
      inspect(error, { depth: null, showHidden: true }),
    ].join('\n')
    expect(said).not.toContain(CANARY)
    expect(said).not.toContain(Buffer.from(CANARY).toString('base64url').slice(0, 8))
    expect(said).not.toContain(firstKey(issuer).kid)
  })

  test('is serialized with its code, its status and its fixed message, without its stack', async () => {
    const error = await caught(provoke)
    const { claim, reason, message, expected, cause } = error

    const logged: unknown = JSON.parse(JSON.stringify(error))

    expect(logged).toEqual({
      ...{ name, code, status, message },
      ...(claim && { claim }),
      ...(reason && { reason }),
      ...(expected && { expected }),
      ...(cause !== undefined && { cause: expect.objectContaining({ name: 'Error' }) }),
    })
    expect(JSON.stringify(logged)).not.toContain(import.meta.filename)
  })
})
