/**
 * Limits for one issuer must also hold across many issuers: made-up issuer names must not multiply outgoing requests, nor evict
 * issuers that matter.
 */
import { createVerifier, type TrustedResolver } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createClock } from '../verify/support/clock.ts'
import { ACCEPTED, NOW } from './setup.ts'
import { claims, everyTenant, forge, idp, mint, nameOf, say, setUp, turn } from './tenants.ts'
import { createWorld } from './world.ts'

describe('outgoing requests', () => {
  test('12 forged tokens for each of 1,001 issuers cause 1,000 requests at most', async () => {
    const { verifier, asked } = setUp()

    for (let round = 0; round < 12; round++) {
      const header = { kid: `made-up-${round}` }
      const tokens = await Promise.all(
        Array.from({ length: 1_001 }, (_, at) => forge(at, round === 0 ? {} : header)),
      )
      for (const token of tokens) await say(verifier, token)
    }

    expect(asked.length).toBeLessThanOrEqual(1_000)
    expect(asked.length).toBeGreaterThan(100)
  }, 60_000)

  test.each([500, 20_000])(
    '%d made-up issuers at once cause 100 requests in flight, none of which outlives close()',
    async (names) => {
      // nothing times out while so many tokens are read
      const { verifier, world } = setUp({ jwks: { timeoutMs: 60_000 } })
      world.behave('hang')
      const tokens = await Promise.all(Array.from({ length: names }, (_, at) => forge(at)))

      const answers = tokens.map((token) => say(verifier, token))
      await turn()
      verifier.close()
      const said = new Set(await Promise.all(answers))
      await verifier.settled()
      await turn()

      expect(world.inFlight).toEqual({ now: 0, most: 100 })
      // the queue holds as many calls as issuers may be looked up in a row
      const limited = names > 1_000 ? ['ERR_JWKS_UNAVAILABLE limited'] : []
      expect(said).toEqual(new Set([...limited, 'ERR_JWKS_UNAVAILABLE closed']))
    },
    60_000,
  )

  test('known issuers share one budget for unknown keys', async () => {
    const { verifier, asked } = setUp({ maxIssuers: 60 })
    for (let at = 0; at < 60; at++) expect(await say(verifier, await mint(at))).toBe(ACCEPTED)
    const before = asked.length

    for (let at = 0; at < 180; at++) {
      await say(verifier, await forge(at % 60, { kid: `made-up-${at}` }))
    }

    // with a budget of its own, each would have three
    expect(asked.length - before).toBe(100)
  })

  test('made-up keys of known issuers cannot use up what a new issuer needs', async () => {
    const { verifier } = setUp({ maxIssuers: 60 })
    for (let at = 0; at < 60; at++) expect(await say(verifier, await mint(at))).toBe(ACCEPTED)
    for (let at = 0; at < 600; at++) {
      await say(verifier, await forge(at % 60, { kid: `made-up-${at}` }))
    }

    expect(await say(verifier, await mint('new'))).toBe(ACCEPTED)
  })

  test('an issuer whose own budget is spent uses nothing of the shared one, which is full again after a cooldown', async () => {
    const { verifier, asked, clock } = setUp({ maxIssuers: 60 })
    for (let at = 0; at < 60; at++) expect(await say(verifier, await mint(at))).toBe(ACCEPTED)
    const flood = async (at: number, times: number): Promise<number> => {
      const before = asked.length
      for (let n = 0; n < times; n++) {
        await say(verifier, await forge(at, { kid: `made-up-${at}-${clock.now()}-${n}` }))
      }
      return asked.length - before
    }

    // the shared budget has 100 refreshes
    const before = [await flood(0, 300), await flood(1, 5)]
    for (let at = 2; at < 58; at++) await flood(at, 3)
    clock.advance(10_000)
    const after = [await flood(58, 5), await flood(59, 5)]

    expect({ before, after }).toEqual({ before: [3, 3], after: [3, 3] })
  })

  test('a rotated key is found at once, even if other issuers have used up what all of them share', async () => {
    const other = await createTestIssuer()
    const state = { isRotated: false }
    const keysOf = (host?: string) => (state.isRotated && host === 't7.idp.example' ? other : idp)
    const { verifier, clock } = setUp({ maxIssuers: 100 }, everyTenant, keysOf as () => typeof idp)
    for (let at = 0; at < 200; at++) {
      expect(await say(verifier, await mint(at))).toBe(ACCEPTED)
      clock.advance(100)
    }
    for (let at = 8; at < 150; at++) await say(verifier, await forge(at, { kid: 'made-up' }))
    const said = await say(verifier, await forge(6, { kid: 'made-up' }))
    const again = await say(verifier, await forge(6, { kid: 'made-up' }))
    state.isRotated = true

    const rotated = await other.token({ ...claims, iss: nameOf(7) })

    expect([said, again]).toEqual(['ERR_KEY_NOT_FOUND kid', 'ERR_KEY_NOT_FOUND kid limited'])
    expect(await say(verifier, rotated)).toBe(ACCEPTED)
  })

  test.each([
    [49, ACCEPTED],
    [50, 'ERR_KEY_NOT_FOUND kid limited'],
  ])(
    'after %d first loads of 100, a rotated key of an issuer without a verified token is %s',
    async (loads, outcome) => {
      const other = await createTestIssuer()
      const current = { keys: idp }
      const { verifier } = setUp({ maxIssuers: 1 }, everyTenant, () => current.keys)
      for (let at = 0; at < loads; at++) await say(verifier, await forge(at))
      current.keys = other

      const rotated = await other.token({ ...claims, iss: nameOf(loads - 1) })

      expect(await say(verifier, rotated)).toBe(outcome)
    },
  )

  test('a rotated key of one of many issuers is found within 10 s, while all are flooded with made-up key ids', async () => {
    const other = await createTestIssuer()
    const current = { keys: idp }
    const clock = createClock(NOW * 1_000)
    const { fetch } = createWorld(() => current.keys)
    const verifier = createVerifier(everyTenant, { now: clock.now, fetch })
    for (let at = 0; at < 200; at++) expect(await say(verifier, await mint(at))).toBe(ACCEPTED)
    const flood = async (): Promise<void> => {
      for (let at = 0; at < 200; at++) {
        await say(verifier, await forge(at, { kid: `made-up-${at}-${clock.now()}` }))
      }
    }
    for (let n = 0; n < 5; n++) await flood()
    current.keys = other
    const rotated = await other.token({ ...claims, iss: nameOf(7) })

    const said: string[] = []
    for (let seconds = 0; seconds < 10; seconds++) {
      clock.advance(1_000)
      await flood()
      said.push(await say(verifier, rotated))
    }

    expect(said).toContain(ACCEPTED)
  }, 60_000)

  test('an issuer that was evicted gets no new budget when it comes back', async () => {
    const { verifier, world, asked } = setUp({ maxIssuers: 1 })
    world.behave('fail')
    await say(verifier, await forge('a'))
    const before = asked.length
    await say(verifier, await forge('b'))
    const between = asked.length

    const said = await say(verifier, await forge('a'))

    expect(before).toBeGreaterThan(0)
    expect(asked.length).toBe(between)
    expect(said).toBe('ERR_JWKS_UNAVAILABLE limited')
  })
})

describe('an issuer with a verified token', () => {
  test('is not evicted by 2,000 issuers without one, and survives an outage', async () => {
    const { verifier, world, found, clock } = setUp()
    const token = await mint('real')
    expect(await say(verifier, token)).toBe(ACCEPTED)
    for (let at = 0; at < 2_000; at++) await say(verifier, await forge(at))
    world.behave('fail')
    clock.advance(3_000_000)

    expect(await say(verifier, token)).toBe(ACCEPTED)
    expect(found.filter((issuer) => issuer === nameOf('real'))).toHaveLength(2)
  }, 60_000)

  test('does not wait for made-up issuers whose keys are being fetched', async () => {
    const { verifier, world, clock } = setUp()
    const token = await mint('real')
    expect(await say(verifier, token)).toBe(ACCEPTED)
    world.behave('hang')
    for (let at = 0; at < 300; at++) void say(verifier, await forge(at))
    await turn()
    world.behave('answer')
    clock.advance(2 * 3_600_000)

    expect(await say(verifier, token)).toBe(ACCEPTED)
    verifier.close()
  })

  test('is not kept by forged tokens, and is evicted for one that has a verified token', async () => {
    const { verifier, found } = setUp({ maxIssuers: 2 })
    for (const at of ['x', 'y', 'a', 'b'])
      expect(await say(verifier, await mint(at))).toBe(ACCEPTED)
    for (let n = 0; n < 10; n++) await say(verifier, await forge('a', { kid: `made-up-${n}` }))
    const before = found.length

    // x and y were there before. Of the others, a is the least recently used one: forged tokens do not count
    expect(await say(verifier, await mint('c'))).toBe(ACCEPTED)
    await say(verifier, await mint('b'))
    await say(verifier, await mint('a'))

    expect(found.slice(before)).toEqual([nameOf('c'), nameOf('a')])
  })

  test('is kept by a token from the cache', async () => {
    const { verifier, found } = setUp({ maxIssuers: 2 })
    for (const at of ['x', 'y']) expect(await say(verifier, await mint(at))).toBe(ACCEPTED)
    const token = await mint('a')
    for (let n = 0; n < 3; n++) expect(await say(verifier, token)).toBe(ACCEPTED)
    await say(verifier, await mint('b'))
    await say(verifier, token)
    const before = found.length

    await say(verifier, await mint('c'))
    await say(verifier, token)

    expect(found.slice(before)).toEqual([nameOf('c')])
  })

  test('is closed when it is evicted: its refresh ends', async () => {
    const { verifier, world, clock } = setUp({ maxIssuers: 1 })
    for (const at of ['x', 'a']) expect(await say(verifier, await mint(at))).toBe(ACCEPTED)
    world.behave('hang')
    clock.advance(500_000)
    expect(await say(verifier, await mint('a'))).toBe(ACCEPTED)
    await turn()
    const hanging = world.inFlight.now
    world.behave('answer')

    expect(await say(verifier, await mint('b'))).toBe(ACCEPTED)
    await verifier.settled()
    await turn()

    expect(hanging).toBe(1)
    expect(world.inFlight.now).toBe(0)
  })
})

describe('a function that fails', () => {
  const broken = () => Promise.reject(new Error('database'))

  test('is called once for an issuer, and again after a second', async () => {
    const { verifier, found, clock } = setUp({}, broken)
    for (let n = 0; n < 100; n++) {
      expect(await say(verifier, await forge('a'))).toBe('ERR_JWKS_UNAVAILABLE')
    }
    const before = found.length
    clock.advance(2_000)
    await say(verifier, await forge('a'))

    expect([before, found.length]).toEqual([1, 2])
  })

  test('is not called for unknown issuers after ten failures, and causes one event', async () => {
    const events: unknown[] = []
    const { verifier, found, clock } = setUp({ onEvent: (event) => events.push(event) }, broken)
    for (let at = 0; at < 1_000; at++) await say(verifier, await forge(at))
    const before = found.length
    clock.advance(2_000)
    for (let at = 2_000; at < 3_000; at++) await say(verifier, await forge(at))

    expect([before, found.length]).toEqual([10, 11])
    expect(events).toEqual([{ type: 'issuers.failed', error: new Error('database') }])
  }, 60_000)

  test('is still called for a known issuer', async () => {
    const resolve: TrustedResolver = async (issuer) => {
      if (issuer !== nameOf('real')) throw new Error('no such row')
      return everyTenant(issuer)
    }
    const { verifier, found, clock } = setUp({}, resolve)
    const token = await mint('real')
    expect(await say(verifier, token)).toBe(ACCEPTED)
    clock.advance(60_000)
    for (let at = 0; at < 20; at++) await say(verifier, await forge(at))

    expect(await say(verifier, token)).toBe(ACCEPTED)
    expect(found.filter((issuer) => issuer === nameOf('real'))).toHaveLength(2)
  })

  test('is not considered broken because it rejects an issuer', async () => {
    const { TokenError } = await import('jwt-gate')
    const resolve: TrustedResolver = async (issuer) => {
      if (issuer === nameOf('new')) return everyTenant(issuer)
      throw new TokenError('ERR_CLAIM_ISSUER')
    }
    const events: unknown[] = []
    const { verifier } = setUp({ onEvent: (event) => events.push(event) }, resolve)
    for (let at = 0; at < 50; at++) {
      expect(await say(verifier, await forge(at))).toBe('ERR_CLAIM_ISSUER')
    }

    expect(await say(verifier, await mint('new'))).toBe(ACCEPTED)
    expect(events).toMatchObject([{ type: 'jwks.fetched' }])
  })

  test('is called for a known issuer while 5,000 made-up ones wait', async () => {
    const resolve: TrustedResolver = (issuer) =>
      issuer === nameOf('real') ? everyTenant(issuer) : new Promise(() => undefined)
    const { verifier, found, clock } = setUp({}, resolve)
    const token = await mint('real')
    expect(await say(verifier, token)).toBe(ACCEPTED)
    for (let at = 0; at < 5_000; at++) void say(verifier, await forge(at))
    clock.advance(60_000)

    expect(await say(verifier, token)).toBe(ACCEPTED)
    expect(found.filter((issuer) => issuer === nameOf('real'))).toHaveLength(2)
    expect(found.length).toBeLessThanOrEqual(1_002)
    verifier.close()
  }, 60_000)
})
