/**
 * Whatever the input is, the result is an error of this library: never a TypeError, never a hang.
 */
import fc from 'fast-check'
import { createVerifier, isJwtGateError, type Verifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { firstKey, signParts, split } from './support/raw-token.ts'

const issuer = await createTestIssuer()
const iss = issuer.issuer
const strict = createVerifier({
  issuer: iss,
  audience: 'api',
  jwks: issuer.jwks,
  clientId: 'app',
  tokenUse: 'access',
  requiredClaims: ['tenant'],
  maxTokenAgeSeconds: 60,
})
const lax = createVerifier({ issuer: iss, audience: null, jwks: issuer.jwks, tokenType: null })
const { alg, kid } = firstKey(issuer)

/** Any UTF-16 code units, including unpaired surrogates. */
const anyText = fc
  .array(fc.integer({ min: 0, max: 0xffff }))
  .map((units) => String.fromCharCode(...units))

/** The error that a call throws. */
function caught(call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    return error
  }
}

/** Both verify and verifySync reject, with the same error of this library. */
async function expectRefused(token: unknown, verifier: Verifier = lax): Promise<void> {
  const error: unknown = await verifier.verify(token as string).catch((reason: unknown) => reason)
  const errorOfSync = caught(() => verifier.verifySync(token as string))

  if (!isJwtGateError(error) || !isJwtGateError(errorOfSync)) throw error
  expect(errorOfSync.code).toBe(error.code)
}

/** Both verify and verifySync accept, or reject with an error of this library. */
async function expectSound(token: string, verifier: Verifier): Promise<void> {
  const outcome: unknown = await verifier.verify(token).catch((reason: unknown) => reason)
  if (outcome instanceof Error) await expectRefused(token, verifier)
  else expect(verifier.verifySync(token)).toEqual(outcome)
}

describe('input that is no token', () => {
  test.each([
    undefined,
    null,
    0,
    Number.NaN,
    -1n,
    true,
    Symbol('x'),
    () => 'a.b.c',
    {},
    [],
    ['a.b.c'],
    { toString: () => 'a.b.c' },
    { length: 5, split: () => ['a', 'b', 'c'] },
    new Date(0),
    new Uint8Array(8),
    Promise.resolve('a.b.c'),
    new Proxy({}, {}),
    Object.create(null),
  ])('is rejected (%#)', async (value) => {
    await expectRefused(value)
  })

  test.each([
    ['a megabyte of text', 'x'.repeat(1_000_000)],
    ['a megabyte of dots', '.'.repeat(1_000_000)],
    ['unpaired surrogates', '\ud800.\udc00.\ud800'],
    ['control characters', '\0.\r\n.\x7f'],
    ['two dots', '..'],
    ['the string of an object', '[object Object]'],
  ])('is rejected: %s', async (_, text) => {
    await expectRefused(text)
    await expectRefused(
      text,
      createVerifier(
        { issuer: iss, audience: null, jwks: issuer.jwks },
        { maxTokenBytes: 1_048_576 },
      ),
    )
  })

  test('is rejected: random text', async () => {
    const part = fc.oneof(
      fc.base64String(),
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64url')),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
      anyText,
    )
    const text = fc.oneof(
      anyText,
      fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('.')),
    )

    await fc.assert(
      fc.asyncProperty(text, (token) => expectRefused(token)),
      { numRuns: 200 },
    )
  })
})

describe('a token with a valid signature', () => {
  const values = [null, true, false, 0, -1, 1e308, 1e-308, '', 'x', '\0', '\ud800', [], [[]], {}]
  const claimNames = ['iss', 'exp', 'nbf', 'iat', 'aud', 'sub', 'jti', 'client_id', 'azp', 'cnf']
  const otherNames = [
    'token_use',
    'scope',
    'tenant',
    'toString',
    'constructor',
    'then',
    '__proto__',
  ]
  const headerNames = ['alg', 'typ', 'kid', 'crit', 'b64', 'zip', 'jku', 'jwk', 'x5u', 'x5c', 'cty']

  test.each([...claimNames, ...otherNames])('is handled with any value as its %s', async (name) => {
    const now = Math.floor(Date.now() / 1_000)
    const base = { iss, exp: now + 60, iat: now, aud: 'api', client_id: 'app', tenant: 'a' }

    for (const value of values) {
      const rest = Object.entries({ ...base, token_use: 'access' }).filter(([key]) => key !== name)
      const members = [...rest, [name, value]].map((pair) => pair.map((v) => JSON.stringify(v)))
      const payload = `{${members.map(([key, json]) => `${key}:${json}`).join()}}`
      const token = await issuer.token(payload)
      await expectSound(token, strict)
      await expectSound(token, lax)
    }
  })

  test.each(headerNames)('is handled with any value in its header as %s', async (name) => {
    for (const value of values) {
      const token = await issuer.token({ iss, exp: 4e9 }, { header: { [name]: value } })
      await expectSound(token, lax)
    }
  })

  test('is handled with any JSON as its header and its payload', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.json(), async (header, payload) => {
        await expectRefused(await signParts(issuer, Buffer.from(header), Buffer.from(payload)))
      }),
      { numRuns: 60 },
    )
  })

  test('is handled with any additional members', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (members) => {
        const claims = { ...members, iss, exp: 4e9 }
        const header = { ...members, alg, kid }
        await expectSound(await issuer.token(claims, { header }), lax)
      }),
      { numRuns: 60 },
    )
  })
})

test('random bytes are rejected as a signature', async () => {
  const [header, payload] = split(await issuer.accessToken())

  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), (bytes) =>
      expectRefused(`${header}.${payload}.${Buffer.from(bytes).toString('base64url')}`),
    ),
    { numRuns: 60 },
  )
})
