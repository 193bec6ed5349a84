/**
 * The limits on made-up issuers must not affect real ones: many tenants at once, a rotated key among forged tokens, and calls
 * during close().
 */
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createGate } from '../verify/support/key-endpoint.ts'
import { ACCEPTED } from './setup.ts'
import { claims, everyTenant, forge, idp, mint, nameOf, say, setUp, turn } from './tenants.ts'

/** Tokens of `count` tenants, numbered from `first`. */
const mintAll = (count: number, first = 0) =>
  Promise.all(Array.from({ length: count }, (_, at) => mint(first + at)))

describe('serves 150 tenants at once', () => {
  test('right after the process has started', async () => {
    const { verifier, world } = setUp()

    const said = await Promise.all((await mintAll(150)).map((token) => say(verifier, token)))

    expect(new Set(said)).toEqual(new Set([ACCEPTED]))
    expect(world.inFlight.most).toBe(100)
  })

  test('after three hours without requests', async () => {
    const { verifier, clock } = setUp()
    const tokens = await mintAll(150)
    for (const token of tokens) expect(await say(verifier, token)).toBe(ACCEPTED)
    clock.advance(3 * 3_600_000)

    const said = await Promise.all(tokens.map((token) => say(verifier, token)))

    expect(new Set(said)).toEqual(new Set([ACCEPTED]))
  })
})

test('a call that gets no turn is rejected in time, and no endpoint is blamed', async () => {
  const events: string[] = []
  const onEvent = ({ type }: { type: string }) => events.push(type)
  const { verifier, world } = setUp({ jwks: { timeoutMs: 50 }, onEvent })
  world.behave('hang')
  const hanging = Promise.all(
    Array.from({ length: 100 }, async (_, at) => say(verifier, await forge(at))),
  )
  await turn()

  const said = await say(verifier, await mint('real'))
  await hanging

  expect(said).toMatch(/^ERR_JWKS_UNAVAILABLE (limited|timeout)$/)
  expect(events.length).toBeLessThanOrEqual(101)
  world.behave('answer')
  expect(await say(verifier, await mint('other'))).toBe(ACCEPTED)
})

test('serves a tenant whose keys are being fetched, however many issuers are made up meanwhile', async () => {
  const { verifier } = setUp({ maxIssuers: 10 })
  const forged = await Promise.all(Array.from({ length: 1_000 }, (_, at) => forge(at)))

  const waiting = say(verifier, await mint('real'))
  for (const one of forged) void say(verifier, one)

  expect(await waiting).toBe(ACCEPTED)
  verifier.close()
})

test('only a verified token protects a tenant from eviction', async () => {
  const { verifier, found } = setUp({ maxIssuers: 2 })
  for (const at of ['x', 'y', 'a', 'b', 'a', 'b']) {
    expect(await say(verifier, await mint(at))).toBe(ACCEPTED)
  }

  await say(verifier, await forge('a'))
  expect(await say(verifier, await mint('c'))).toBe(ACCEPTED)

  const before = found.length
  expect(await say(verifier, await mint('b'))).toBe(ACCEPTED)
  expect(found.slice(before)).toEqual([])
})

/** Random numbers between 0 and 1, the same in each run. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 16_807) % 2_147_483_647
    return state / 2_147_483_647
  }
}

test.each([0, 10, 40, 150])(
  'finds a rotated key of one of 300 tenants within 10 s, at %d forged tokens per second',
  async (rate) => {
    const other = await createTestIssuer()
    const state = { isRotated: false }
    const keysOf = (host?: string) => (state.isRotated && host === 't299.idp.example' ? other : idp)
    const { verifier, clock } = setUp({ maxIssuers: 300 }, everyTenant, keysOf)
    for (const token of await mintAll(300)) expect(await say(verifier, token)).toBe(ACCEPTED)
    state.isRotated = true
    const rotated = await other.token({ ...claims, iss: nameOf(299) })
    const forged = await Promise.all(
      Array.from({ length: 299 }, (_, at) => forge(at, { kid: `made-up-${at}` })),
    )
    for (const one of rate > 0 ? forged : []) await say(verifier, one)

    const random = createRandom(42)
    const pauseMs = (): number => (-Math.log(1 - random()) * 1_000) / rate
    let [nextForged, nextGood, shots] = [rate > 0 ? 0 : Number.POSITIVE_INFINITY, 500, 0]
    for (let ms = 0, said = ''; said !== ACCEPTED; ) {
      const next = Math.min(nextForged, nextGood)
      clock.advance(next - ms)
      ms = next
      expect(ms).toBeLessThanOrEqual(10_000)
      if (next === nextForged) {
        await say(verifier, forged[shots++ % 299] as string)
        nextForged += pauseMs()
      } else {
        said = await say(verifier, rotated)
        nextGood += 500 + 1_000 * random()
      }
    }
  },
  60_000,
)

describe('close()', () => {
  test.each(['once', 'twice'])(
    'called %s ends everything that was requested before',
    async (how) => {
      const gate = createGate<undefined>()
      const { verifier, world } = setUp({}, async (issuer) => {
        await gate.promise
        return everyTenant(issuer)
      })
      world.behave('hang')
      for (let at = 0; at < 200; at++) void say(verifier, await forge(at))
      await turn()

      verifier.close()
      gate.resolve(undefined)
      await turn()
      if (how === 'twice') verifier.close()
      await turn()

      expect(world.inFlight.now).toBe(0)
      world.behave('answer')
      expect(await say(verifier, await mint('real'))).toBe(ACCEPTED)
    },
  )

  test('leaks no slot for a refresh, whatever state it interrupts', async () => {
    const { verifier, world, clock } = setUp({ maxIssuers: 300 })
    const modes = ['hang', 'fail', 'answer'] as const
    const forged = await Promise.all(Array.from({ length: 600 }, (_, at) => forge(`x${at}`)))
    const good = await mintAll(10)
    for (let round = 0; round < 60; round++) {
      world.behave(modes[round % 3] ?? 'hang')
      for (const one of [...good, ...forged.splice(0, 10)]) void say(verifier, one)
      await turn()
      if (round % 3 === 0) verifier.close()
      clock.advance(round % 5 === 0 ? 3_600_000 : 30_000)
    }
    verifier.close()
    world.behave('answer')
    clock.advance(3_600_000)
    await turn()

    const said = await Promise.all((await mintAll(100, 500)).map((one) => say(verifier, one)))

    expect(new Set(said)).toEqual(new Set([ACCEPTED]))
  }, 60_000)
})
