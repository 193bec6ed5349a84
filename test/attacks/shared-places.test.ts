/**
 * Tenants whose keys are in one place share one store. Anybody can make up tenants of such a place, which must not cost requests,
 * push out tenants that are real, or lend the keys of a place to an issuer with keys elsewhere.
 */
import { createVerifier, type TrustedResolver } from 'jwt-gate'
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createClock } from '../verify/support/clock.ts'
import { ACCEPTED, NOW, sayOf } from './setup.ts'
import { claims, idp, kid, mint, nameOf, say, setUp } from './tenants.ts'
import { createWorld } from './world.ts'

const COMMON = 'https://keys.idp.example/jwks'
const PATTERN = /^https:\/\/[^/]+\.idp\.example$/
const atCommon: TrustedResolver = (issuer) =>
  PATTERN.test(issuer) ? { issuer, audience: 'api', jwksUri: COMMON } : undefined

/** Made-up tenants, with signatures that nobody made, known key IDs and unknown ones. */
const forged = await Promise.all(
  Array.from({ length: 10_000 }, (_, at) => {
    const header = { kid: at % 3 === 0 ? `made-up-${at}` : kid }
    return idp.token({ ...claims, iss: nameOf(`x${at}`) }, { header, sign: () => 'AAAA' })
  }),
)

/** 50 callers send all of them. */
async function flood(verifier: Parameters<typeof say>[0]): Promise<void> {
  const tokens = [...forged]
  const call = async (): Promise<void> => {
    for (let one = tokens.pop(); one !== undefined; one = tokens.pop()) await say(verifier, one)
  }
  await Promise.all(Array.from({ length: 50 }, call))
}

test('1,100 tenants of one place are one request, in each round', async () => {
  const { verifier, asked } = setUp({}, atCommon)
  const tokens = await Promise.all(Array.from({ length: 1_100 }, (_, at) => mint(at)))

  for (let round = 0; round < 3; round++) {
    for (const token of tokens) expect(await say(verifier, token)).toBe(ACCEPTED)
  }

  expect(asked).toEqual([COMMON])
}, 60_000)

describe('10,000 forged tokens of made-up tenants', () => {
  test.each(['before', 'during'])(
    'cost at most 4 requests %s an outage',
    async (when) => {
      const { verifier, asked, world, found, clock } = setUp({}, atCommon)
      const good = await Promise.all(Array.from({ length: 20 }, (_, at) => mint(at)))
      for (const token of good) expect(await say(verifier, token)).toBe(ACCEPTED)
      if (when === 'during') {
        world.behave('fail')
        clock.advance(1_200_000)
        for (const token of good) expect(await say(verifier, token)).toBe(ACCEPTED)
      }
      const [requests, questions] = [asked.length, found.length]

      await flood(verifier)
      const said = await Promise.all(good.map((token) => say(verifier, token)))

      expect(asked.length - requests).toBeLessThanOrEqual(4)
      expect(new Set(said)).toEqual(new Set([ACCEPTED]))
      // no real tenant had to make room
      expect(found.slice(questions).filter((iss) => !iss.includes('//tx'))).toEqual([])
    },
    60_000,
  )

  test('before any good token cost as much, and the first good one is accepted', async () => {
    const { verifier, asked } = setUp({}, atCommon)

    await flood(verifier)

    expect(asked.length).toBeLessThanOrEqual(5)
    expect(await say(verifier, await mint('real'))).toBe(ACCEPTED)
  }, 60_000)
})

describe('a place', () => {
  test('lends no key to an issuer with keys elsewhere', async () => {
    const other = await createTestIssuer()
    const resolve: TrustedResolver = (issuer) => ({
      ...{ issuer, audience: 'api' },
      jwksUri: issuer === nameOf('b') ? 'https://b.idp.example/jwks' : COMMON,
    })
    const world = createWorld((host) => (host === 'b.idp.example' ? other : idp))
    const { now } = createClock(NOW * 1_000)
    const verifier = createVerifier(resolve, { now, fetch: world.fetch })
    const sayHere = (token: string) => sayOf(() => verifier.verify(token))

    expect(await sayHere(await mint('a'))).toBe(ACCEPTED)
    // signed by a key of the common place
    expect(await sayHere(await mint('b'))).toBe('ERR_KEY_NOT_FOUND kid')
    const [key] = other.keys as [TestKey]
    const crossed = await other.token({ ...claims, iss: nameOf('a') }, { key, header: { kid } })
    expect(await sayHere(crossed)).toBe('ERR_TOKEN_SIGNATURE')
    expect(await sayHere(await other.token({ ...claims, iss: nameOf('b') }))).toBe(ACCEPTED)
  })

  test('is not the same with other algorithms', async () => {
    const resolve: TrustedResolver = (issuer) => ({
      ...{ issuer, audience: 'api', jwksUri: COMMON },
      algorithms: issuer === nameOf('b') ? ['ES256'] : ['RS256'],
    })
    const { verifier, asked } = setUp({}, resolve)

    expect(await say(verifier, await mint('a'))).toBe(ACCEPTED)
    expect(await say(verifier, await mint('b'))).toMatch(/^ERR_TOKEN_ALGORITHM/)
    expect(asked).toEqual([COMMON])
  })

  test('stays for others when a tenant is evicted, rejected, or moves', async () => {
    const state = { moved: false, isRejected: false }
    const resolve: TrustedResolver = (issuer) => {
      if (issuer === nameOf('rejected') && state.isRejected) return undefined
      const isElsewhere = issuer === nameOf('moved') && state.moved
      const jwksUri = isElsewhere ? 'https://elsewhere.idp.example/jwks' : COMMON
      return { issuer, audience: 'api', jwksUri }
    }
    const { verifier, asked, clock } = setUp({ maxIssuers: 1 }, resolve)
    for (const at of ['rejected', 'moved', 'stays', 'new']) {
      expect(await say(verifier, await mint(at))).toBe(ACCEPTED)
    }
    Object.assign(state, { moved: true, isRejected: true })
    clock.advance(61_000)

    expect(await say(verifier, await mint('rejected'))).toMatch(/^ERR_CLAIM_ISSUER/)
    expect(await say(verifier, await mint('moved'))).toBe(ACCEPTED)
    expect(await say(verifier, await mint('stays'))).toBe(ACCEPTED)
    expect(asked).toEqual([COMMON, 'https://elsewhere.idp.example/jwks'])
  })

  test('is shared by listed issuers, too', async () => {
    const world = createWorld(() => idp)
    const { now } = createClock(NOW * 1_000)
    const trusted = ['a', 'b', 'c'].map((at) => ({
      ...{ issuer: nameOf(at), audience: 'api', jwksUri: COMMON },
    }))
    const verifier = createVerifier(trusted, { now, fetch: world.fetch })

    await verifier.hydrate()
    for (const at of ['a', 'b', 'c']) {
      expect(await sayOf(async () => verifier.verifySync(await mint(at)))).toBe(ACCEPTED)
    }

    expect(world.asked).toEqual([COMMON])
  })
})
