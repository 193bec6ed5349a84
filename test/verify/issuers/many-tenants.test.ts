/**
 * Ten thousand tenants: how often keys are fetched, and whose keys have to make room for others.
 */
import { createVerifier, type TrustedIssuer } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { ACCEPTED, claimsOf, NOW } from '../../attacks/setup.ts'
import { say, turn } from '../../attacks/tenants.ts'
import { createWorld } from '../../attacks/world.ts'
import { createClock } from '../support/clock.ts'

const HOUR = 3_600
const COMMON = 'https://keys.idp.example/jwks'

const idp = await createTestIssuer({ algorithms: ['EdDSA'] })
const key = idp.keyFor('EdDSA')
const kid = key.kid as string
const nameOf = (at: number | string) => `https://t${at}.idp.example`
const placeOf = (at: number | string) => `${nameOf(at)}/jwks`
const mint = (at: number | string) =>
  idp.token({ ...claimsOf(idp), iss: nameOf(at), exp: NOW + 2 * HOUR }, { key })
const mintAll = (from: number, to: number) =>
  Promise.all(Array.from({ length: to - from }, (_, at) => mint(from + at)))
const describeTenant = (issuer: string, jwksUri: string): TrustedIssuer => ({
  ...{ issuer, audience: 'api', jwksUri, algorithms: ['EdDSA'] },
})

type SetUp = ReturnType<typeof setUp>

/** A verifier for tenants with keys of their own. */
function setUp(maxIssuers?: number) {
  const clock = createClock(NOW * 1_000)
  const { fetch, asked } = createWorld(() => idp)
  const found: string[] = []
  const verifier = createVerifier(
    (issuer) => {
      found.push(issuer)
      return describeTenant(issuer, `${issuer}/jwks`)
    },
    { now: clock.now, fetch, maxIssuers },
  )
  const accept = async (...tokens: string[]) => {
    const said = await Promise.all(tokens.map((token) => say(verifier, token)))
    expect(new Set(said)).toEqual(new Set([ACCEPTED]))
  }
  return { clock, asked, found, verifier, accept }
}

/** How often the keys of each of these tenants were fetched. */
function countFetches({ asked }: SetUp, tenants: readonly (number | string)[]): number[] {
  return tenants.map((at) => asked.filter((address) => address === placeOf(at)).length)
}

describe('10,000 tenants with keys in one place cost one fetch', () => {
  const names = Array.from({ length: 10_000 }, (_, at) => nameOf(at))
  const known = new Set(names)

  test.each([
    ['listed', names.map((issuer) => describeTenant(issuer, COMMON))],
    [
      'found by a function',
      (issuer: string) => (known.has(issuer) ? describeTenant(issuer, COMMON) : undefined),
    ],
  ])(
    'if they are %s',
    async (_how, trusted) => {
      const { now } = createClock(NOW * 1_000)
      const { fetch, asked } = createWorld(() => idp)
      const verifier = createVerifier(trusted as TrustedIssuer[], { now, fetch })

      for (let at = 0; at < 10_000; at++) {
        const { issuer } = await verifier.verify(await mint(at))
        expect(issuer).toBe(nameOf(at))
      }

      expect(asked).toEqual([COMMON])
    },
    120_000,
  )
})

describe('of tenants with keys of their own', () => {
  /** 100 tenants send a token every minute, for an hour. */
  async function runHour(set: SetUp, more: (minute: number, step: number) => Promise<void>) {
    const active = await mintAll(0, 100)
    for (let minute = 0; minute < 60; minute++) {
      for (let step = 0; step < 10; step++) {
        await set.accept(...active.filter((_, at) => at % 10 === step))
        await more(minute, step)
        await set.verifier.settled()
        set.clock.advance(6_000)
      }
    }
    return countFetches(
      set,
      active.map((_, at) => at),
    )
  }

  test('the active ones are fetched only when they are due, in an hour with 900 others and a job for all', async () => {
    const others = await mintAll(100, 1_000)
    const alone = await runHour(setUp(100), async () => undefined)
    const set = setUp(100)

    const together = await runHour(set, async (minute, step) => {
      // each of the others sends three tokens at once, once in the hour
      const now = others.filter((_, at) => at % 600 === minute * 10 + step)
      for (let times = 0; times < 3; times++) await set.accept(...now)
      if (minute < 40) return
      // the job needs twenty minutes
      const next = others.filter((_, at) => at % 200 === (minute - 40) * 10 + step)
      for (let times = 0; times < 3; times++) await set.accept(...next)
    })

    // every eight minutes
    expect(new Set(alone)).toEqual(new Set([8]))
    expect(together).toEqual(alone)
  }, 120_000)

  test('the active ones are evicted once at most, if 200 others came first', async () => {
    const set = setUp(100)
    for (const from of [1_000, 1_100]) {
      await set.accept(...(await mintAll(from, from + 100)))
      set.clock.advance(60_000)
    }
    const others = await mintAll(100, 1_000)

    const fetches = await runHour(set, async (minute, step) => {
      await set.accept(...others.filter((_, at) => at % 600 === minute * 10 + step))
    })

    expect(Math.max(...fetches)).toBeLessThanOrEqual(9)
  }, 120_000)

  test('one that comes once makes room before one that comes back', async () => {
    const set = setUp(2)
    await set.accept(await mint('x'), await mint('y'))
    // there is no more room for a regular one
    await set.accept(await mint('once'), await mint('back'))
    set.clock.advance(60_000)
    await set.accept(await mint('back'))

    await set.accept(...(await mintAll(0, 10)))
    await set.accept(await mint('once'), await mint('back'))

    expect(countFetches(set, ['once', 'back'])).toEqual([2, 1])
  })

  test('several tokens within a minute do not make one a regular one', async () => {
    const set = setUp(1)
    await set.accept(await mint('x'))
    await set.accept(await mint('burst'))
    for (let times = 0; times < 5; times++) await set.accept(await mint('burst'))

    await set.accept(...(await mintAll(0, 2)))
    await set.accept(await mint('x'))
    await set.accept(await mint('burst'))

    expect(countFetches(set, ['x', 'burst'])).toEqual([1, 2])
  })

  test('one that was evicted and comes back is a regular one', async () => {
    const set = setUp(1)
    for (const at of ['x', 'a', 'b', 'a']) await set.accept(await mint(at))

    for (const at of [0, 1, 'a']) await set.accept(await mint(at))

    expect(countFetches(set, ['a'])).toEqual([2])
  })

  test('one that was evicted long ago is not', async () => {
    const set = setUp(1)
    for (const at of ['x', 'a', 'b', 'c', 'a']) await set.accept(await mint(at))

    for (const at of [0, 1, 'a']) await set.accept(await mint(at))

    expect(countFetches(set, ['a'])).toEqual([3])
  })

  /** x and y are regular ones, for whom there is room; then a comes back. */
  async function replaceRegularOne(): Promise<SetUp> {
    const set = setUp(2)
    for (const at of ['x', 'y', 'a']) await set.accept(await mint(at))
    set.clock.advance(60_000)
    for (const at of ['x', 'a']) await set.accept(await mint(at))
    return set
  }

  test('the least recently used regular one makes room for another', async () => {
    const set = await replaceRegularOne()

    await set.accept(...(await mintAll(0, 2)))
    for (const at of ['a', 'x', 'y']) await set.accept(await mint(at))

    expect(countFetches(set, ['x', 'y', 'a'])).toEqual([1, 2, 1])
  })

  test('a regular one that made room is still there when it comes back soon', async () => {
    const set = await replaceRegularOne()

    await set.accept(await mint(0))
    await set.accept(await mint('y'))

    expect(countFetches(set, ['y'])).toEqual([1])
  })

  test('close() forgets all of them', async () => {
    const set = setUp(1)
    for (const at of ['x', 'a', 'b']) await set.accept(await mint(at))

    set.verifier.close()
    const before = set.found.length
    for (const at of ['b', 'a', 'x']) await set.accept(await mint(at))

    expect(set.found.slice(before)).toEqual(['b', 'a', 'x'].map(nameOf))
    // b is the regular one now, although a and x were evicted or regular before
    for (const at of [0, 1, 'b']) await set.accept(await mint(at))
    expect(countFetches(set, ['b'])).toEqual([2])
  })
})

describe('hydrate() of 250 listed tenants with keys of their own', () => {
  function setUpListed() {
    const { now } = createClock(NOW * 1_000)
    const world = createWorld(() => idp)
    const trusted = Array.from({ length: 250 }, (_, at) => describeTenant(nameOf(at), placeOf(at)))
    const verifier = createVerifier(trusted, { now, fetch: world.fetch })
    return { verifier, world }
  }

  test('loads all of them, with 100 requests in flight at most', async () => {
    const { verifier, world } = setUpListed()

    await verifier.hydrate()

    expect(world.asked).toHaveLength(250)
    expect(world.inFlight).toEqual({ now: 0, most: 100 })
    expect(verifier.verifySync(await mint(249)).issuer).toBe(nameOf(249))
  })

  test('loads all others if one fails', async () => {
    const { verifier, world } = setUpListed()
    world.behave('fail')
    const failed = verifier.verify(await mint(7))
    await expect(failed).rejects.toMatchObject({ code: 'ERR_JWKS_UNAVAILABLE' })
    world.behave('answer')

    await expect(verifier.hydrate()).rejects.toMatchObject({ code: 'ERR_JWKS_UNAVAILABLE' })
    await verifier.settled()

    // with the retry
    expect(world.asked).toHaveLength(251)
    expect(verifier.verifySync(await mint(249)).issuer).toBe(nameOf(249))
  })

  test('ends after 100 failures', async () => {
    const { verifier, world } = setUpListed()
    world.behave('fail')

    await expect(verifier.hydrate()).rejects.toMatchObject({ code: 'ERR_JWKS_UNAVAILABLE' })
    await verifier.settled()

    // each is asked twice
    expect(world.asked).toHaveLength(200)
  })

  test('ends with close()', async () => {
    const { verifier, world } = setUpListed()
    world.behave('hang')
    const hydrated = verifier.hydrate()
    await turn()

    verifier.close()
    await expect(hydrated).rejects.toMatchObject({ reason: 'closed' })
    await verifier.settled()

    expect(world.asked).toHaveLength(100)
  })
})

describe('100,000 made-up issuers', () => {
  const ACTIVE = 1_000
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const HEADER = part({ alg: 'EdDSA', kid })
  const SIGNATURE = 'A'.repeat(86)
  const forge = (at: number) =>
    `${HEADER}.${part({ iss: nameOf(`x${at}`), aud: 'api', exp: NOW + HOUR })}.${SIGNATURE}`

  test.each([
    ['a function that knows its tenants', (issuer: string) => !issuer.includes('//tx')],
    ['a function with a pattern', () => true],
  ])(
    'evict none of 1,000 active tenants, with %s',
    async (_title, isKnown) => {
      const clock = createClock(NOW * 1_000)
      const { fetch, asked } = createWorld(() => idp)
      let found: string[] = []
      const verifier = createVerifier(
        (issuer) => {
          found.push(issuer)
          return isKnown(issuer) ? describeTenant(issuer, `${issuer}/jwks`) : undefined
        },
        { now: clock.now, fetch },
      )
      const active = await mintAll(0, ACTIVE)
      for (const token of active) expect(await say(verifier, token)).toBe(ACCEPTED)
      expect(asked).toHaveLength(ACTIVE)

      for (let at = 0; at < 100_000; at += 100) {
        const forged = Array.from({ length: 100 }, (_, one) => say(verifier, forge(at + one)))
        for (const said of await Promise.all(forged)) expect(said).not.toBe(ACCEPTED)
      }
      found = []
      for (const token of active) expect(await say(verifier, token)).toBe(ACCEPTED)
      expect(found).toEqual([])
      clock.advance(60_000)
      for (const token of active) expect(await say(verifier, token)).toBe(ACCEPTED)

      // the function is asked again, and no keys are fetched
      expect(found).toHaveLength(ACTIVE)
      expect(asked.filter((address) => !address.includes('//tx'))).toHaveLength(ACTIVE)
      expect(asked.length).toBeLessThanOrEqual(2 * ACTIVE)
    },
    180_000,
  )
})
