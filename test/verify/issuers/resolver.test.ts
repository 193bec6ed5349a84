/**
 * Issuers that a function finds, such as tenants in a database: which calls it gets, how long its results are cached, and what
 * happens if it fails.
 */
import type { ResolvedIssuer, TrustedResolver, VerifierEvent } from 'jwt-gate'
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { remember } from '../support/remember.ts'
import { setUp, tenant } from '../support/resolver.ts'

const [acme, globex] = await Promise.all([
  createTestIssuer(),
  createTestIssuer({ userPoolId: 'eu-west-1_Globex' }),
])
const START = Date.now()
const SECOND = 1_000

const both: TrustedResolver = async (issuer) =>
  [acme, globex].filter((one) => one.issuer === issuer).map((one) => tenant(one))[0]

describe('an issuer that the function returns', () => {
  test.each<[string, TrustedResolver]>([
    ['a value', (issuer) => tenant(issuer === acme.issuer ? acme : globex)],
    ['later', both],
    ['a promise of a list', async () => [tenant(globex), tenant(acme)]],
  ])('is trusted if the function returns %s', async (_name, resolve) => {
    const { verifier } = setUp(resolve)

    const verified = await verifier.verify(await acme.accessToken())

    expect(verified.issuer).toBe(acme.issuer)
  })

  test('may be called like the URL of keys: an issuer of a token is no mistake in the set-up', async () => {
    const { verifier } = setUp((issuer) => ({ issuer, audience: null, jwks: acme.jwks }))
    const forged = await globex.token({
      iss: 'https://idp.example/.well-known/jwks.json',
      exp: Math.floor(START / 1_000) + 600,
    })

    await expect(verifier.verify(forged)).rejects.toMatchObject({ name: 'TokenError' })
  })

  test('is looked up once for many concurrent calls', async () => {
    const { verifier, asked } = setUp(both)
    const token = await acme.accessToken()

    await Promise.all(Array.from({ length: 50 }, () => verifier.verify(token)))

    expect(asked).toEqual([acme.issuer])
  })

  test('is looked up again after a minute', async () => {
    const { verifier, asked, clock } = setUp(both)
    const token = await acme.accessToken()
    await verifier.verify(token)

    clock.advance(60 * SECOND - 1)
    await verifier.verify(token)
    const before = asked.length
    clock.advance(1)
    await verifier.verify(token)

    expect([before, asked.length]).toEqual([1, 2])
  })

  test('is kept apart from another one with the same kid', async () => {
    const kid = 'shared'
    const rename = (issuer: typeof acme) => ({
      keys: issuer.jwks.keys.map((key) => ({ ...key, kid })).slice(0, 1),
    })
    const { verifier } = setUp((issuer) => {
      const one = issuer === acme.issuer ? acme : globex
      return tenant(one, { jwks: rename(one) })
    })
    const sign = (issuer: typeof acme, iss: string) =>
      issuer.token(
        { iss, exp: START / SECOND + 60 },
        { header: { kid }, key: issuer.keys[0] as TestKey },
      )

    await verifier.verify(await sign(acme, acme.issuer))
    await verifier.verify(await sign(globex, globex.issuer))
    const forged = verifier.verify(await sign(acme, globex.issuer))

    await expect(forged).rejects.toMatchObject({ code: 'ERR_TOKEN_SIGNATURE' })
  })

  test('is no longer trusted once the function does not return it, not even for cached tokens', async () => {
    let answer: ResolvedIssuer = tenant(acme)
    const { verifier, clock } = setUp(async () => answer)
    const token = await acme.accessToken()
    await remember(verifier, token)

    answer = undefined
    clock.advance(60 * SECOND)

    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'ERR_CLAIM_ISSUER' })
  })

  test('has its new conditions applied, even to cached tokens', async () => {
    let answer = tenant(acme)
    const { verifier, clock } = setUp(async () => answer)
    const token = await acme.accessToken()
    await remember(verifier, token)

    answer = tenant(acme, { clientId: 'another' })
    clock.advance(60 * SECOND)

    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'ERR_CLAIM_CLIENT_ID' })
  })

  test('keeps its keys while the result stays the same, and loses them when their address changes', async () => {
    let jwksUri = acme.jwksUri
    const { verifier, clock } = setUp(
      async () => ({ issuer: acme.issuer, audience: null, jwksUri }),
      { fetch: acme.fetch },
    )
    const token = await acme.accessToken()
    const before = acme.requests
    await verifier.verify(token)
    clock.advance(60 * SECOND)
    await verifier.verify(token)
    const unchanged = acme.requests - before

    jwksUri = `${acme.jwksUri}?v=2`
    clock.advance(60 * SECOND)
    await verifier.verify(token).catch(() => undefined)

    expect(unchanged).toBe(1)
    expect(acme.requests - before).toBeGreaterThan(1)
  })
})

describe('an issuer that the function does not return', () => {
  test('is rejected without a fetch, and looked up again after ten seconds', async () => {
    let fetched = 0
    const fetch = () => Promise.reject(new Error(`fetch ${++fetched}`))
    const { verifier, asked, clock } = setUp(async () => undefined, { fetch })
    const token = await acme.accessToken()
    const refused = { code: 'ERR_CLAIM_ISSUER', claim: 'iss', reason: 'mismatch' }

    await expect(verifier.verify(token)).rejects.toMatchObject(refused)
    clock.advance(10 * SECOND - 1)
    await expect(verifier.verify(token)).rejects.toMatchObject(refused)
    const before = asked.length
    clock.advance(1)
    await expect(verifier.verify(token)).rejects.toMatchObject(refused)

    expect([before, asked.length, fetched]).toEqual([1, 2, 0])
  })

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['no iss', { iss: undefined }, {}],
    ['an iss that is no string', { iss: ['a'] }, {}],
    ['an iss that is too long', { iss: `https://${'a'.repeat(2_048)}` }, {}],
    ['an algorithm that is never allowed', {}, { alg: 'HS256' }],
    ['a critical header', {}, { crit: ['b64'] }],
  ])('is not even looked up if a token has %s', async (_name, claims, header) => {
    const { verifier, asked } = setUp(both)
    const [head = '', , signature = ''] = (await acme.accessToken()).split('.')
    const parts = [
      { ...JSON.parse(Buffer.from(head, 'base64url').toString()), ...header },
      { iss: acme.issuer, exp: START / SECOND + 60, ...claims },
    ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))

    const answer = verifier.verify([...parts, signature].join('.'))

    await expect(answer).rejects.toMatchObject({ name: 'TokenError' })
    expect(asked).toEqual([])
  })
})

describe('a function that fails', () => {
  test.each<[string, TrustedResolver]>([
    [
      'throws',
      () => {
        throw new Error('database')
      },
    ],
    ['rejects', () => Promise.reject(new Error('database'))],
  ])('is an outage and not a bad token: it %s', async (_name, resolve) => {
    const { verifier } = setUp(resolve)

    const answer = verifier.verify(await acme.accessToken())

    await expect(answer).rejects.toMatchObject({
      code: 'ERR_JWKS_UNAVAILABLE',
      cause: new Error('database'),
    })
  })

  test('leaves its last result in effect until it is too old', async () => {
    let isDown = false
    const { verifier, asked, clock } = setUp(
      async () => {
        if (isDown) throw new Error('database')
        return tenant(acme)
      },
      { jwks: { maxStaleMs: 120 * SECOND } },
    )
    const token = await acme.accessToken()
    await verifier.verify(token)

    isDown = true
    clock.advance(60 * SECOND)
    await verifier.verify(token)
    clock.advance(9 * SECOND)
    await verifier.verify(token)
    const askedWhileDown = asked.length - 1
    clock.advance(51 * SECOND)

    expect(askedWhileDown).toBe(1)
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'ERR_JWKS_UNAVAILABLE' })
  })

  test('counts as failed if it does not return in time', async () => {
    let isStuck = true
    const { verifier, clock } = setUp(
      () => (isStuck ? new Promise(() => undefined) : Promise.resolve(tenant(acme))),
      { jwks: { timeoutMs: 20 } },
    )
    const token = await acme.accessToken()

    const stuck = verifier.verify(token)
    const settled = verifier.settled()

    await expect(stuck).rejects.toMatchObject({ code: 'ERR_JWKS_UNAVAILABLE', reason: 'timeout' })
    await expect(settled).resolves.toBeUndefined()
    isStuck = false
    clock.advance(2 * SECOND)
    await expect(verifier.verify(token)).resolves.toMatchObject({ issuer: acme.issuer })
  })

  test.each<[string, unknown, string]>([
    ['a value that is no object', 'yes', '"trusted"'],
    ['an issuer without an audience', { issuer: acme.issuer }, '"audience"'],
    ['an invalid key set', { issuer: acme.issuer, audience: null, jwks: { keys: [] } }, '"jwks"'],
  ])('is a mistake of the developer if it returns %s', async (_name, answer, named) => {
    const { verifier } = setUp(async () => answer as ResolvedIssuer)

    const verified = verifier.verify(await acme.accessToken())

    await expect(verified).rejects.toMatchObject({
      code: 'ERR_CONFIG_INVALID',
      message: expect.stringContaining(named),
    })
  })
})

test.each<[string, ResolvedIssuer]>([
  ['another issuer', tenant(globex)],
  ['an empty list', []],
])(
  'a result that is %s means that the issuer is unknown, and is reported once',
  async (_, answer) => {
    const events: VerifierEvent[] = []
    const onEvent = (event: VerifierEvent) => events.push(event)
    const { verifier, asked } = setUp(async () => answer, { onEvent })
    const token = await acme.accessToken()

    for (let at = 0; at < 3; at++) {
      await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'ERR_CLAIM_ISSUER' })
    }

    expect(asked).toHaveLength(1)
    expect(events).toEqual([{ type: 'issuers.mismatch', option: 'issuer' }])
  },
)

test('a function that has returned leaves no timer behind', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout')
  const { verifier } = setUp(both)
  const before = timers()

  await verifier.verify(await acme.accessToken())

  // timers of other test files may end meanwhile
  expect(timers().length).toBeLessThanOrEqual(before.length)
})

describe('made-up issuers', () => {
  const forge = async (iss: string) => acme.token({ iss, exp: START / SECOND + 60 })

  test('cannot evict known ones', async () => {
    const { verifier, asked } = setUp(both)
    const token = await acme.accessToken()
    await verifier.verify(token)

    for (let at = 0; at < 1_100; at++) {
      await verifier.verify(await forge(`https://made-up-${at}.example`)).catch(() => undefined)
    }
    await verifier.verify(token)

    expect(asked.filter((issuer) => issuer === acme.issuer)).toHaveLength(1)
  })

  test('cannot have more than 1,000 calls of the function pending', async () => {
    const { verifier, asked } = setUp(() => new Promise(() => undefined))
    const tokens = await Promise.all(
      Array.from({ length: 1_001 }, (_, at) => forge(`https://made-up-${at}.example`)),
    )

    const waiting = tokens
      .slice(0, 1_000)
      .map((token) => verifier.verify(token).catch(() => undefined))
    const refused = verifier.verify(tokens[1_000] as string)

    await expect(refused).rejects.toMatchObject({ code: 'ERR_JWKS_UNAVAILABLE' })
    expect([waiting.length, asked.length]).toEqual([1_000, 1_000])
  })

  test('cannot block known ones by keeping the function busy', async () => {
    const { verifier, clock } = setUp((issuer) =>
      issuer === acme.issuer ? Promise.resolve(tenant(acme)) : new Promise(() => undefined),
    )
    const token = await acme.accessToken()
    await verifier.verify(token)
    for (let at = 0; at < 1_000; at++) {
      void verifier.verify(await forge(`https://made-up-${at}.example`)).catch(() => undefined)
    }

    clock.advance(60 * SECOND)

    await expect(verifier.verify(token)).resolves.toMatchObject({ issuer: acme.issuer })
  })
})

describe('the other functions of a verifier', () => {
  test('verifySync accepts issuers that are cached, and does not wait for others', async () => {
    const { verifier } = setUp(both)
    const token = await acme.accessToken()
    const before = () => verifier.verifySync(token)

    expect(before).toThrow(expect.objectContaining({ code: 'ERR_JWKS_NOT_LOADED' }))
    await verifier.settled()

    expect(verifier.verifySync(token).issuer).toBe(acme.issuer)
  })

  test('verifySync accepts every issuer that the function returns synchronously', async () => {
    const { verifier } = setUp(() => tenant(acme))

    expect(verifier.verifySync(await acme.accessToken()).issuer).toBe(acme.issuer)
  })

  test('hydrate has nothing to load', async () => {
    const { verifier, asked } = setUp(both)

    await verifier.hydrate()

    expect(asked).toEqual([])
  })

  test('close clears the results of finished and pending calls', async () => {
    const answers: (() => void)[] = []
    const { verifier, asked } = setUp(
      () => new Promise((resolve) => answers.push(() => resolve(tenant(acme)))),
    )
    const token = await acme.accessToken()
    const first = verifier.verify(token)

    verifier.close()
    answers[0]?.()
    await first
    const second = verifier.verify(token)
    answers[1]?.()
    await second
    verifier.close()
    const third = verifier.verify(token)
    answers[2]?.()
    await third

    expect(asked).toHaveLength(3)
  })
})
