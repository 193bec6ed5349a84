/**
 * jose as the reference, for random headers and key sets: whatever jwt-gate accepts, jose accepts with the same claims. (Random
 * tokens and claims are in `test/verify/jose-agreement.test.ts`.)
 */
import fc from 'fast-check'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { createVerifier, type VerifiedToken } from 'jwt-gate'
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { ALGORITHMS, isAvailable } from '../../src/verify/algorithms.ts'
import { ACCEPTED, codeOf, fuzz, TIMEOUT_MS } from './fuzz.ts'

const algorithms = ALGORITHMS.filter(isAvailable)
const issuer = await createTestIssuer({ algorithms: ['PS256', 'ES256', 'ES384', 'Ed25519'] })
const stranger = await createTestIssuer({ algorithms: ['ES256', 'Ed25519'] })
const { issuer: iss, keys } = issuer
const claims = { iss, exp: 4_000_000_000, sub: 'alice' }
const kids = keys.map(({ kid }) => kid)

const anyAlg = fc.constantFrom<unknown>(...ALGORITHMS, 'HS256', 'none', 'rs256', '', 1, null)
const anyKid = fc.constantFrom<unknown>(...kids, 'other', '', 1, null, undefined)

/** Rejected whatever the value is: if they were frequent, little else would be tested. */
const seldom = (...values: unknown[]) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, fc.constantFrom(...values))

/** Some of these members, each with one of its wrong or right values. */
const anyHeader = fc.record(
  {
    alg: anyAlg,
    kid: anyKid,
    typ: fc.constantFrom('JWT', 'at+jwt', 'application/AT+JWT', 'dpop+jwt', '', 1, null),
    cty: fc.constantFrom('JWT', 1),
    crit: seldom(['exp'], ['b64'], [], 'b64', null),
    b64: seldom(true, false, null),
    zip: seldom('DEF', null),
    jku: fc.constantFrom('https://evil.example/keys', 1),
    jwk: fc.constantFrom(...stranger.jwks.keys, null),
    x5u: fc.constantFrom('https://evil.example/certificate'),
    x5c: fc.constantFrom(['AA'], 'AA'),
    x5t: fc.constantFrom('AA', 1),
  },
  { requiredKeys: [] },
)

const changes = fc.record(
  {
    kid: anyKid,
    alg: anyAlg,
    kty: fc.constantFrom('RSA', 'EC', 'OKP', 'oct', 1, undefined),
    crv: fc.constantFrom('P-256', 'P-384', 'Ed25519', undefined),
    use: fc.constantFrom('sig', 'enc', '', 1, null, undefined),
    key_ops: fc.constantFrom(['verify'], ['sign', 'verify'], ['sign'], [], 'verify', null),
    ext: fc.boolean(),
    d: fc.constantFrom('AA', ''),
    k: fc.constantFrom('AA'),
    e: fc.constantFrom('AQAB', 'Aw', 'AQ', ''),
    x5c: fc.constantFrom(['AA']),
  },
  { requiredKeys: [] },
)
const anyJwk = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<object>(...issuer.jwks.keys) },
  { weight: 1, arbitrary: fc.constantFrom<object>(...stranger.jwks.keys) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...issuer.jwks.keys), changes)
      .map(([jwk, changed]) => ({ ...jwk, ...changed })),
  },
)
const anyKeySet = fc.uniqueArray(anyJwk, { maxLength: 6, selector: (jwk) => JSON.stringify(jwk) })

interface Case {
  readonly keySet: readonly object[]
  readonly header: object
  readonly key: TestKey
}

const anyCase: fc.Arbitrary<Case> = fc.record({
  keySet: fc.oneof(fc.constant(issuer.jwks.keys), anyKeySet),
  header: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 3, arbitrary: anyHeader }),
  key: fc.constantFrom(...keys),
})

/** If jwt-gate accepts a token, jose must accept it too. jwt-gate may reject more than jose does. */
async function sayOfBoth({ keySet, header, key }: Case): Promise<string> {
  const token = await issuer.token(claims, { key, header: { ...header } })
  const jwks = { keys: keySet } as unknown as JSONWebKeySet
  const { jwksUri } = issuer
  const trusted = { issuer: iss, audience: null, algorithms, tokenType: null, jwksUri }
  const verifier = createVerifier(trusted, { fetch: async () => Response.json(jwks) })
  let verified: VerifiedToken | undefined
  const said = await codeOf(async () => {
    verified = await verifier.verify(token)
  })
  if (verified === undefined) return said
  const known = createLocalJWKSet(jwks)
  const reference = await jwtVerify(token, known, { issuer: iss, algorithms })
  expect(reference.payload).toEqual(verified.claims)
  expect(reference.protectedHeader).toEqual(verified.header)
  return said
}

test('the control: each key is accepted with the set that includes it', async () => {
  for (const key of keys) {
    expect(await sayOfBoth({ keySet: issuer.jwks.keys, header: {}, key })).toBe(ACCEPTED)
  }
})

test(
  'random headers and key sets: jose accepts whatever jwt-gate accepts',
  () => fuzz('headers and key sets', { inputs: anyCase, short: 300 }, sayOfBoth),
  TIMEOUT_MS,
)
