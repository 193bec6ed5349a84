/**
 * No error includes anything of a token, whatever its code and whichever check it comes from.
 */
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import {
  authorize,
  cognito,
  createVerifier,
  type DpopOptions,
  isJwtGateError,
  type JwtGateErrorCode,
  type Presented,
  type TrustedIssuer,
  type VerifierOptions,
} from 'jwt-gate'
import { cookieToken, getAuth, type RequestLike, verifyRequest } from 'jwt-gate/express'
import { claimsFromEvent, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createRevocations, memoryRevocationStore } from 'jwt-gate/stores'
import {
  createAuthorizerEvent,
  createHandlerEvent,
  createTestIssuer,
  type TestKey,
} from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { ERROR_CODES } from '../../src/verify/errors.ts'
import { createBound, SECRET } from '../verify/support/bound.ts'
import type { ProofParts } from '../verify/support/dpop-client.ts'
import { everythingOf, expectNothingOf, MARK, markedClaims, mint, secretsOf } from './marks.ts'

const NOW = 1_800_000_000
const now = () => NOW * 1_000
const issuer = await createTestIssuer({ now, algorithms: ['ES256'] })
const claims = markedClaims(issuer, NOW + 60)
const [first, second] = issuer.keys as [TestKey, TestKey]

type Members = Record<string, unknown>
interface Attempt {
  readonly header?: Members
  readonly claims?: Members
  readonly trusted?: Partial<TrustedIssuer>
  readonly options?: VerifierOptions
  /** Changes the token after it was signed. */
  readonly change?: (token: string) => string
}

/** Verifies a marked token. */
async function send(attempt: Attempt): Promise<[token: string, outcome: unknown]> {
  const { trusted, options, change = (token) => token } = attempt
  const given = {
    issuer: issuer.issuer,
    audience: null,
    ...(trusted?.jwksUri ? {} : { jwks: issuer.jwks }),
  }
  const verifier = createVerifier({ ...given, ...trusted }, { now, ...options })
  const token = change(await mint(issuer, { ...claims, ...attempt.claims }, attempt.header))
  const outcome = await verifier.verify(token).catch((error: unknown) => error)
  return [token, outcome]
}

/** Applies a rule to a marked token that is good. */
async function ask(rule: Parameters<typeof authorize>[1]): Promise<[string, unknown]> {
  const [token, verified] = await send({})
  return [token, caught(() => authorize(verified as never, rule))]
}

function caught(call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    return error
  }
}

async function sendCookies(): Promise<[string, unknown]> {
  const token = await mint(issuer, claims)
  const req = Object.assign(new IncomingMessage(new Socket()), { method: 'GET' })
  req.headers.cookie = `token=${token}; token=${token}`
  return [token, caught(() => cookieToken('token')(req))]
}

/** Mistakes in what follows the scheme. */
const MISTAKES = [
  ...[
    `Bearer ${MARK}`,
    `"${MARK}"`,
    `${MARK}\n`,
    `{"${MARK}":1}`,
    `{{${MARK}}}`,
    `${MARK}, ${MARK}`,
  ],
  `${MARK}=${MARK}`,
].map((text) => `Bearer ${text}`)

function sendHeader(authorization: string): () => Promise<[string, unknown]> {
  const req = new IncomingMessage(new Socket())
  req.headers.authorization = authorization
  const verifier = createVerifier({ issuer: issuer.issuer, audience: null, jwks: issuer.jwks })
  return async () => [MARK, await verifyRequest(verifier, req).catch((error: unknown) => error)]
}

async function verifySync(trusted: Partial<TrustedIssuer>, options: VerifierOptions = {}) {
  const verifier = createVerifier(
    { issuer: issuer.issuer, audience: null, ...trusted },
    { now, ...options },
  )
  const token = await mint(issuer, claims)
  return [token, caught(() => verifier.verifySync(token))] as [string, unknown]
}

const offline = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }
const online = { jwksUri: issuer.jwksUri }
const answer = (body: string, status = 200) => ({
  fetch: async () => new Response(body, { status }),
})
const reject = () => Promise.reject(new Error('no'))

async function take(req: object): Promise<[string, unknown]> {
  const verifier = createVerifier(offline)
  return [MARK, await verifyRequest(verifier, req as RequestLike).catch((error) => error)]
}

/** Sends a bound token with a proof. */
async function prove(
  parts: ProofParts,
  dpop: Partial<DpopOptions> = {},
  change: Partial<Presented> = {},
): Promise<[string, unknown]> {
  const { verifier, token, present } = await createBound(dpop)
  const presented = await present(parts, change)
  return [token, await verifier.verify(token, presented).catch((error) => error)]
}

/** Sends a token that is bound to another certificate. */
async function connect(certificate: Uint8Array | string): Promise<[string, unknown]> {
  const token = await mint(issuer, { ...claims, cnf: { 'x5t#S256': MARK } })
  const verifier = createVerifier(offline, { now, mtls: true })
  const presented = { scheme: 'Bearer', certificate }
  return [token, await verifier.verify(token, presented).catch((error) => error)]
}

/** The ways to cause each code. The compiler and a test below compare them with the codes. */
const failing = { append: reject, read: reject }
const createList = () => createRevocations({ store: failing, whenStale: 'refuse', now })

async function sendRevoked(): Promise<[string, unknown]> {
  const revocations = createRevocations({
    store: memoryRevocationStore({ now }),
    whenStale: 'refuse',
    now,
  })
  const { iss, sub, exp } = claims as { iss: string; sub: string; exp: number }
  await revocations.revoke({ issuer: iss, sub, until: exp })
  return send({ options: { revocations } })
}

const WAYS: Record<JwtGateErrorCode, (() => Promise<[string, unknown]>)[]> = {
  ERR_CONFIG_INVALID: [
    () => send({ options: { check: reject } }),
    () => verifySync({ jwks: issuer.jwks }, { check: async () => undefined }),
    async () => [MARK, caught(() => cognito({ userPoolId: MARK } as never))],
    async () => [
      MARK,
      caught(() =>
        createVerifier({ issuer: 'x', audience: null, jwks: { keys: [{ kty: 'oct', k: MARK }] } }),
      ),
    ],
    async () => [MARK, caught(() => getAuth({ headers: { authorization: MARK } } as never))],
    () => take({ headers: {}, raw: { headers: { authorization: MARK } } }),
    () => take({ headers: new Headers({ authorization: MARK }) }),
  ],
  ERR_TOKEN_MISSING: [
    () => take({ headers: { Authorization: `Basic ${MARK}` } }),
    ...[`Basic ${MARK}`, MARK, `"Bearer ${MARK}"`, `{"t":"${MARK}"}`, `$${MARK}`].map(sendHeader),
  ],
  ERR_TOKEN_REQUEST: [sendCookies, ...MISTAKES.map(sendHeader)],
  ERR_TOKEN_TOO_LARGE: [() => send({ change: (token) => token.padEnd(17_000, 'A') })],
  ERR_TOKEN_MALFORMED: [
    () => send({ change: (token) => `${token}.` }),
    () => send({ change: (token) => `Bearer ${token}` }),
    () => send({ change: (token) => token.replace('.', '.A') }),
    () => send({ change: (token) => token.replaceAll('.', '-') }),
    () => send({ change: (token) => `${token}.${MARK}.${MARK}` }),
    () => send({ change: (token) => `"${token}"` }),
    () => send({ change: (token) => `{"token":"${token}"}` }),
    () =>
      send({
        change: (token) =>
          `${Buffer.from(`{"${MARK}"`).toString('base64url')}${token.slice(token.indexOf('.'))}`,
      }),
    () => send({ header: { kid: [MARK] } }),
    () => send({ claims: { deep: JSON.parse(`${'['.repeat(70)}"${MARK}"${']'.repeat(70)}`) } }),
  ],
  ERR_TOKEN_UNSUPPORTED: [
    () => send({ header: { crit: [MARK] } }),
    () => send({ header: { zip: MARK } }),
    () => send({ claims: { cnf: { jkt: MARK } } }),
  ],
  ERR_TOKEN_ALGORITHM: [
    () => send({ header: { alg: MARK } }),
    () => send({ header: { alg: 'none' } }),
  ],
  ERR_TOKEN_TYPE: [() => send({ header: { typ: MARK } })],
  ERR_TOKEN_SIGNATURE: [
    () => send({ header: { kid: second.kid } }),
    () => send({ change: (token) => token.slice(0, token.lastIndexOf('.') + 1) }),
    () => send({ header: { kid: issuer.keyFor('ES256').kid, alg: 'ES256' } }),
  ],
  ERR_TOKEN_EXPIRED: [() => send({ claims: { exp: 1 } })],
  ERR_TOKEN_NOT_ACTIVE: [() => send({ claims: { nbf: NOW + 60 } })],
  ERR_TOKEN_TOO_OLD: [() => send({ claims: { iat: 1 }, trusted: { maxTokenAgeSeconds: 60 } })],
  ERR_TOKEN_REVOKED: [sendRevoked],
  ERR_TOKEN_CHECK: [
    () => send({ options: { check: () => false as never } }),
    () =>
      send({
        trusted: {
          claims: {
            '~standard': {
              ...{ version: 1, vendor: 'test' },
              validate: (value) => ({
                issues: [{ message: JSON.stringify(value), path: ['email'] }],
              }),
            },
          },
        },
      }),
  ],
  ERR_CLAIM_ISSUER: [
    () => send({ claims: { iss: MARK } }),
    () => send({ claims: { iss: undefined } }),
    () => send({ claims: { iss: `https://${MARK}.example/` } }),
  ],
  ERR_CLAIM_AUDIENCE: [
    () => send({ claims: { aud: MARK }, trusted: { audience: 'api' } }),
    () => send({ claims: { aud: { [MARK]: 1 } }, trusted: { audience: 'api' } }),
  ],
  ERR_CLAIM_CLIENT_ID: [() => send({ claims: { azp: MARK }, trusted: { clientId: 'app' } })],
  ERR_CLAIM_TOKEN_USE: [
    () => send({ claims: { token_use: MARK }, trusted: { tokenUse: 'access' } }),
  ],
  ERR_CLAIM_MISSING: [() => send({ trusted: { requiredClaims: ['tenant'] } })],
  ERR_CLAIM_INVALID: [
    () => send({ claims: { exp: MARK } }),
    () => send({ claims: { sub: [MARK] } }),
  ],
  ERR_KEY_NOT_FOUND: [
    () => send({ header: { kid: MARK } }),
    () => send({ header: { kid: MARK }, trusted: online, options: { fetch: issuer.fetch } }),
  ],
  ERR_KEY_UNUSABLE: [
    () => send({ header: { alg: 'RS512' } }),
    () => send({ header: { kid: undefined } }),
  ],
  ERR_PROOF_MISSING: [() => prove({}, {}, { proof: undefined })],
  ERR_PROOF_INVALID: [
    () => prove({}, {}, { proof: MARK }),
    () => prove({}, {}, { proof: [MARK, MARK] }),
    () => prove({}, {}, { scheme: 'Bearer' }),
    ...[{ typ: MARK }, { alg: MARK }, { crit: [MARK] }, { jwk: MARK }, { jwk: { kty: MARK } }].map(
      (header) => () => prove({ header }),
    ),
    ...['htm', 'htu', 'iat', 'ath'].map((name) => () => prove({ claims: { [name]: MARK } })),
    () => prove({ claims: { jti: [MARK] } }),
    () => prove({ sign: () => MARK }),
  ],
  ERR_PROOF_NONCE: [
    () => prove({ nonce: MARK }, { nonce: { secret: SECRET } }),
    () => prove({}, { nonce: { secret: SECRET } }),
  ],
  ERR_PROOF_REPLAYED: [() => prove({ claims: { jti: MARK } }, { replay: { claim: () => false } })],
  ERR_CERTIFICATE_MISMATCH: [() => connect(Buffer.from(MARK)), () => connect(MARK)],
  ERR_STORE_UNAVAILABLE: [() => prove({ claims: { jti: MARK } }, { replay: { claim: reject } })],
  ERR_ACCESS_SCOPE: [() => ask({ scopes: ['admin'] }), () => ask({ anyScope: ['admin'] })],
  ERR_ACCESS_GROUP: [() => ask({ groups: ['admin'] }), () => ask({ allGroups: ['admin'] })],
  ERR_ACCESS_DENIED: [() => ask({ check: () => false })],
  ERR_ACCESS_AUTHENTICATION: [() => ask({ acr: ['mfa'] }), () => ask({ maxAuthAgeSeconds: 60 })],
  ERR_CLAIMS_PARTIAL: [
    async () => {
      const token = await mint(issuer, { ...claims, large: `${MARK}${'"'.repeat(3_072)}` })
      const handler = createAuthorizer(createVerifier(offline, { now }))
      const { context } = await handler(createAuthorizerEvent('rest-request', { token }))
      return [token, caught(() => claimsFromEvent(createHandlerEvent('rest-lambda', { context })))]
    },
  ],
  ERR_JWKS_UNAVAILABLE: [
    () => send({ trusted: online, options: answer(MARK, 503) }),
    () => send({ trusted: online, options: { fetch: reject } }),
  ],
  ERR_JWKS_INVALID: [() => send({ trusted: online, options: answer(`{"keys":["${MARK}"`) })],
  ERR_JWKS_NOT_LOADED: [() => verifySync(online, { fetch: issuer.fetch })],
  ERR_REVOCATIONS_UNAVAILABLE: [
    () => send({ options: { revocations: createList() } }),
    () => verifySync({ jwks: issuer.jwks }, { revocations: createList() }),
  ],
}

test('every code has a way to cause it', () => {
  expect(Object.keys(WAYS).sort()).toEqual([...ERROR_CODES].sort())
})

test.each(
  Object.entries(WAYS).flatMap(([code, ways]) => ways.map((way, at) => ({ code, at, way }))),
)('$code includes nothing of the token (way $at)', async ({ code, way }) => {
  const [token, error] = await way()

  if (!isJwtGateError(error)) throw error
  expect(error.code).toBe(code)
  expectNothingOf([...secretsOf(token), first.kid, second.kid], everythingOf(error))
})
