/**
 * Revoked tokens are rejected in every process that shares a store, and no call waits for the store but the first.
 */
import { memoryRevocationStore } from 'jwt-gate/stores'
import { describe, expect, test } from 'vitest'
import { createBrokenStore, createClock, createProcess, iss, mint, NOW, UNTIL } from './world.ts'

const REVOKED = 'ERR_TOKEN_REVOKED'
const UNAVAILABLE = 'ERR_REVOCATIONS_UNAVAILABLE'
const alice = { issuer: iss, sub: 'alice', until: UNTIL }

function createWorld() {
  const clock = createClock()
  const broken = createBrokenStore(clock)
  return { clock, ...broken, a: createProcess(broken.store, clock) }
}

describe('revoke', () => {
  test('is in force in this process when it has resolved', async () => {
    const { a } = createWorld()
    const token = await mint()

    expect(await a.judge(token)).toBe('accepted')
    await a.revocations.revoke(alice)

    expect(await a.judge(token)).toBe(REVOKED)
    expect(a.judgeSync(token)).toBe(REVOKED)
  })

  test('is in force in others after refreshMs and one read', async () => {
    const { a, store, clock } = createWorld()
    const b = createProcess(store, clock)
    const token = await mint()
    await b.verifier.hydrate()
    await a.revocations.revoke(alice)

    clock.ms += 4_999
    expect(await b.judge(token)).toBe('accepted')
    clock.ms += 1
    // this call starts the read, and does not wait for it
    expect(await b.judge(token)).toBe('accepted')
    await b.verifier.settled()

    expect(await b.judge(token)).toBe(REVOKED)
  })

  test('is in force in a process that starts later', async () => {
    const { a, store, clock } = createWorld()
    await a.revocations.revoke(alice)
    const b = createProcess(store, clock)

    expect(await b.judge(await mint())).toBe(REVOKED)
  })

  test('rejects if the store fails, and says so', async () => {
    const { a, state } = createWorld()
    await a.verifier.hydrate()
    state.error = new Error('connection lost')

    await expect(a.revocations.revoke(alice)).rejects.toMatchObject({
      code: UNAVAILABLE,
      status: 503,
      cause: state.error,
    })
    expect(await a.judge(await mint())).toBe('accepted')
  })

  test('does not depend on the clocks of the processes', async () => {
    const store = memoryRevocationStore()
    const [early, late] = [createClock(), createClock()]
    early.ms -= 60_000
    late.ms += 60_000
    const [a, b] = [createProcess(store, early), createProcess(store, late)]
    await Promise.all([a.verifier.hydrate(), b.verifier.hydrate()])
    await a.revocations.revoke(alice)
    await b.revocations.revoke({ ...alice, sub: 'bob' })

    for (const clock of [early, late]) clock.ms += 5_000
    for (const one of [a, b]) {
      await one.verifier.hydrate()
      expect(await one.judge(await mint())).toBe(REVOKED)
      expect(await one.judge(await mint({ sub: 'bob' }))).toBe(REVOKED)
    }
  })
})

describe('until', () => {
  test('ends the entry for tokens that are valid for longer', async () => {
    const { a, clock } = createWorld()
    const token = await mint({ exp: UNTIL + 3_600 })
    await a.revocations.revoke(alice)

    clock.ms = UNTIL * 1_000 - 1
    expect(await a.judge(token)).toBe(REVOKED)
    clock.ms = UNTIL * 1_000
    expect(await a.judge(token)).toBe('accepted')
  })

  test('does not let a token pass that the tolerance accepts after its time', async () => {
    const { store, clock } = createWorld()
    const lenient = createProcess(store, clock, { verifier: { clockToleranceSeconds: 600 } })
    const [token, other] = [await mint(), await mint({ sub: 'bob' })]
    await lenient.revocations.revoke(alice)

    clock.ms = (UNTIL + 599) * 1_000
    expect(await lenient.judge(other)).toBe('accepted')
    expect(await lenient.judge(token)).toBe(REVOKED)
    const fresh = createProcess(store, clock, { verifier: { clockToleranceSeconds: 600 } })
    expect(await fresh.judge(token)).toBe(REVOKED)
  })
})

describe('issuedBefore', () => {
  test.each([
    [NOW - 61, REVOKED],
    [NOW - 60, REVOKED],
    [NOW - 59.5, 'accepted'],
    [NOW, 'accepted'],
    [undefined, REVOKED],
  ])('revokes a token with iat %s: %s', async (iat, outcome) => {
    const { a } = createWorld()
    await a.revocations.revoke({ ...alice, issuedBefore: NOW - 60 })

    expect(await a.judge(await mint({ iat }))).toBe(outcome)
  })

  test('of several entries counts as each of them says', async () => {
    const { a, clock } = createWorld()
    await a.revocations.revoke({ ...alice, issuedBefore: NOW - 60, until: NOW + 7_200 })
    await a.revocations.revoke({ ...alice, until: NOW + 60 })
    const [old, young] = [await mint({ iat: NOW - 90 }), await mint({ iat: NOW - 30 })]

    expect([await a.judge(old), await a.judge(young)]).toEqual([REVOKED, REVOKED])
    clock.ms += 60_000
    expect([await a.judge(old), await a.judge(young)]).toEqual([REVOKED, 'accepted'])
  })
})

describe('restore', () => {
  test('takes all entries for the claim back, here at once and elsewhere later', async () => {
    const { a, store, clock } = createWorld()
    const b = createProcess(store, clock)
    const token = await mint()
    await b.revocations.revoke(alice)
    await b.revocations.revoke({ ...alice, issuedBefore: NOW })
    await a.revocations.restore({ issuer: iss, sub: 'alice' })

    expect(await a.judge(token)).toBe('accepted')
    clock.ms += 5_000
    await b.verifier.hydrate()
    expect(await b.judge(token)).toBe('accepted')
    expect(await createProcess(store, clock).judge(token)).toBe('accepted')
  })

  test('takes only the entry back that it names', async () => {
    const { a } = createWorld()
    await a.revocations.revoke({ ...alice, issuedBefore: NOW - 30 })
    await a.revocations.revoke({ ...alice, issuedBefore: NOW - 120 })
    await a.revocations.restore({ ...alice, issuedBefore: NOW - 30 })

    expect(await a.judge(await mint({ iat: NOW - 60 }))).toBe('accepted')
    expect(await a.judge(await mint({ iat: NOW - 150 }))).toBe(REVOKED)
  })

  test('does not take back what is revoked afterwards, nor anything else', async () => {
    const { a, store, clock } = createWorld()
    await a.revocations.revoke({ ...alice, sub: 'bob' })
    await a.revocations.revoke(alice)
    await a.revocations.restore(alice)
    await a.revocations.revoke(alice)

    expect(await a.judge(await mint())).toBe(REVOKED)
    expect(await a.judge(await mint({ sub: 'bob' }))).toBe(REVOKED)
    expect(await createProcess(store, clock).judge(await mint())).toBe(REVOKED)
  })

  test('resolves if there is nothing to take back', async () => {
    const { a } = createWorld()

    await expect(a.revocations.restore(alice)).resolves.toBeUndefined()
  })

  test('rejects if the store cannot be read', async () => {
    const { a, state } = createWorld()
    await a.revocations.revoke(alice)
    state.error = new Error('down')

    await expect(a.revocations.restore(alice)).rejects.toMatchObject({ code: UNAVAILABLE })
    expect(a.revocations).toBeDefined()
  })
})

describe('records', () => {
  test('have the same effect in any order, and however often they are read', async () => {
    const { a, store, clock } = createWorld()
    const texts: string[] = []
    await a.revocations.revoke(alice)
    await a.revocations.revoke({ ...alice, sub: 'bob' })
    await a.revocations.restore(alice)
    await store.read(undefined, (page) => texts.push(...page))
    const orders = [
      [0, 1, 2],
      [2, 1, 0],
      [2, 0, 1],
      [1, 2, 0],
      [0, 2, 0, 1, 2, 2],
      [2, 2, 0, 0, 1],
    ]

    for (const order of orders) {
      const mixed = {
        append: async () => undefined,
        read: async (_: unknown, onRecords: (texts: readonly string[]) => void) => {
          for (const at of order) onRecords([texts[at] ?? ''])
          return { cursor: 1, isReset: false }
        },
      }
      const b = createProcess(mixed, clock)
      expect(await b.judge(await mint()), String(order)).toBe('accepted')
      expect(await b.judge(await mint({ sub: 'bob' })), String(order)).toBe(REVOKED)
    }
  })

  test.each([
    '',
    'null',
    '[]',
    '["*","id","iss","sub","x",1,null]',
    '["+","id","iss","__proto__","x",1,null]',
    '["+","id","iss","sub",5,1,null]',
    '["+","id","iss","sub","x","1",null]',
    '["+","id","iss","sub","x",1,"1"]',
  ])('that cannot be read are not skipped: %s', async (text) => {
    const clock = createClock()
    const store = memoryRevocationStore()
    await store.append([{ text, expiresAt: UNTIL }])

    const a = createProcess(store, clock)

    expect(await a.judge(await mint())).toBe(UNAVAILABLE)
    expect(a.events).toMatchObject([{ type: 'revocations.failed', effect: 'refuse' }])
  })
})
