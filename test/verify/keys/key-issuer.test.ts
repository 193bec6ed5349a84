/**
 * Keys that name the issuer they are for, as in the common key set of Microsoft Entra.
 */
import { createVerifier, type TrustedIssuer, type VerifierOptions } from 'jwt-gate'
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createClock } from '../support/clock.ts'
import { publish, WAYS } from '../support/key-ways.ts'
import { remember } from '../support/remember.ts'

const idp = await createTestIssuer({ algorithms: ['ES256'] })
const [key, other] = idp.keys as [TestKey, TestKey]
const FOREIGN = { code: 'ERR_KEY_UNUSABLE', claim: 'kid', reason: 'issuer_mismatch', status: 401 }
const EXP = 4_000_000_000

/** Verifies a token of `issuer` with keys that were given for it. */
async function say(issuer: string, keys: readonly object[], header = {}): Promise<string> {
  const verifier = createVerifier({ issuer, audience: null, jwks: { keys } as never })
  const token = await idp.token({ iss: issuer, exp: EXP }, { header })
  return verifier.verify(token).then(
    () => 'accepted',
    (error) => `${error.code} ${error.reason}`,
  )
}

describe('a key that names an issuer', () => {
  test.each(WAYS)('verifies tokens of that issuer, by %s', async (way) => {
    const keys = [{ ...key.jwk, issuer: 'later' }]
    const { origin, verifierBy } = await publish(keys)
    Object.assign(keys[0] as object, { issuer: origin })
    const token = await idp.token({ iss: origin, exp: EXP })

    await expect(verifierBy(way).verify(token)).resolves.toBeDefined()
  })

  test.each(WAYS)('verifies no tokens of another one, by %s', async (way) => {
    const { origin, verifierBy } = await publish([{ ...key.jwk, issuer: 'https://b.example' }])
    const token = await idp.token({ iss: origin, exp: EXP })

    await expect(verifierBy(way).verify(token)).rejects.toMatchObject(FOREIGN)
  })

  test.each<[string, string, unknown, string]>([
    ['the same text', 'https://a.example', 'https://a.example', 'accepted'],
    ['a slash more', 'https://a.example', 'https://a.example/', 'ERR_KEY_UNUSABLE issuer_mismatch'],
    ['another case', 'https://a.example', 'https://A.example', 'ERR_KEY_UNUSABLE issuer_mismatch'],
    ['no text', 'https://a.example', ['https://a.example'], 'ERR_KEY_UNUSABLE issuer_mismatch'],
    ['null', 'https://a.example', null, 'ERR_KEY_UNUSABLE issuer_mismatch'],
    ['an empty text', 'https://a.example', '', 'ERR_KEY_UNUSABLE issuer_mismatch'],
    ['a tenant', 'https://a.example/t-1/v2', 'https://a.example/{tenantid}/v2', 'accepted'],
    ['a tenant at the end', 'https://a.example/t-1', 'https://a.example/{tenantid}', 'accepted'],
    ...[
      'https://a.example//v2',
      'https://a.example/v2',
      'https://a.example/t/u/v2',
      'https://a.example/t?/v2',
      'https://a.example/t-1/v1',
      'https://b.example/t-1/v2',
    ].map((issuer): [string, string, unknown, string] => [
      'no tenant',
      issuer,
      'https://a.example/{tenantid}/v2',
      'ERR_KEY_UNUSABLE issuer_mismatch',
    ]),
    [
      'two tenants',
      'https://a/t/t',
      'https://a/{tenantid}/{tenantid}',
      'ERR_KEY_UNUSABLE issuer_mismatch',
    ],
  ])('%s: for %s, a key of %j is %s', async (_, issuer, member, said) => {
    expect(await say(issuer, [{ ...key.jwk, issuer: member }])).toBe(said)
  })
})

test('a key for another issuer makes no other key ambiguous', async () => {
  const issuer = 'https://a.example'
  const foreign = { ...other.jwk, kid: key.kid, issuer: 'https://b.example' }

  expect(await say(issuer, [foreign, key.jwk])).toBe('accepted')
  expect(await say(issuer, [foreign, key.jwk], { kid: undefined })).toBe('accepted')
  expect(await say(issuer, [foreign, other.jwk], { kid: undefined })).toBe(
    'ERR_TOKEN_SIGNATURE undefined',
  )
})

test('one key may stand in a set once for each issuer', async () => {
  const keys = ['https://a.example', 'https://b.example'].map((one) => ({
    ...key.jwk,
    issuer: one,
  }))

  expect(await say('https://a.example', keys)).toBe('accepted')
  expect(await say('https://b.example', keys)).toBe('accepted')
  expect(await say('https://c.example', keys)).toBe('ERR_KEY_UNUSABLE issuer_mismatch')
})

test('a nameless key for another issuer fits no token', async () => {
  const { kid: _, ...nameless } = { ...key.jwk, issuer: 'https://b.example' } as { kid?: string }

  expect(await say('https://a.example', [nameless])).toBe('ERR_KEY_UNUSABLE issuer_mismatch')
  expect(await say('https://b.example', [nameless])).toBe('accepted')
})

test('a message says why', async () => {
  const jwks = { keys: [{ ...key.jwk, issuer: 'https://b.example' }] } as TrustedIssuer['jwks']
  const verifier = createVerifier({ issuer: 'https://a.example', audience: null, jwks })
  const token = await idp.token({ iss: 'https://a.example', exp: EXP })

  await expect(verifier.verify(token)).rejects.toThrow(
    'The key of this key ID (kid) is for another issuer',
  )
  expect(() => verifier.verifySync(token)).toThrow(expect.objectContaining(FOREIGN))
})

describe('issuers that share a place', () => {
  const tenants = ['a', 'b'].map((name) => `https://login.example/${name}/v2.0`)
  const jwksUri = 'https://login.example/keys'
  const issuers = tenants.map((issuer) => ({ issuer, audience: null, jwksUri }))

  function create(issuerOf: () => unknown, options: VerifierOptions = {}) {
    const fetch = async () => Response.json({ keys: [{ ...key.jwk, issuer: issuerOf() }] })
    return createVerifier(issuers, { fetch, ...options })
  }
  const mint = (iss: string | undefined) => idp.token({ iss, exp: EXP })

  test('share keys for every tenant, in one request', async () => {
    const verifier = create(() => 'https://login.example/{tenantid}/v2.0')

    for (const iss of tenants) await expect(verifier.verify(await mint(iss))).resolves.toBeDefined()
  })

  test('do not share a key for one of them', async () => {
    const verifier = create(() => tenants[0])

    await expect(verifier.verify(await mint(tenants[0]))).resolves.toBeDefined()
    await expect(verifier.verify(await mint(tenants[1]))).rejects.toMatchObject(FOREIGN)
  })

  test('do not remember a token whose key is for another issuer now', async () => {
    let member = 'https://login.example/{tenantid}/v2.0'
    const clock = createClock()
    const verifier = create(() => member, { now: clock.now })
    const token = await mint(tenants[1])
    await remember(verifier, token)

    member = tenants[0] as string
    clock.advance(1_300_000)

    await expect(verifier.verify(token)).rejects.toMatchObject(FOREIGN)
  })
})
