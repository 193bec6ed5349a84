/**
 * What happens while the store fails, is slow, or loses what it had. Time is the injected clock.
 */
import { memoryRevocationStore } from 'jwt-gate/stores'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createBrokenStore, createClock, createProcess, iss, mint, UNTIL } from './world.ts'

const REVOKED = 'ERR_TOKEN_REVOKED'
const UNAVAILABLE = 'ERR_REVOCATIONS_UNAVAILABLE'
const alice = { issuer: iss, sub: 'alice', until: UNTIL }
const bob = { ...alice, sub: 'bob' }

function createWorld(options: Parameters<typeof createProcess>[2] = {}) {
  const clock = createClock()
  const broken = createBrokenStore(clock)
  return { clock, ...broken, a: createProcess(broken.store, clock, options) }
}

afterEach(() => {
  vi.useRealTimers()
})

describe('before the list was read', () => {
  test('the first calls wait for one read that they share', async () => {
    const { a, calls } = createWorld()
    const token = await mint()

    const outcomes = await Promise.all([a.judge(token), a.judge(token), a.judge(token)])

    expect(outcomes).toEqual(['accepted', 'accepted', 'accepted'])
    expect(calls.read).toBe(1)
    expect(a.events).toEqual([{ type: 'revocations.loaded', entries: 0 }])
  })

  test('verifySync says that the list is not loaded, whatever whenStale says', async () => {
    for (const whenStale of ['refuse', 'accept'] as const) {
      const { a } = createWorld({ whenStale })
      const token = await mint()

      expect(() => a.verifier.verifySync(token)).toThrow(
        expect.objectContaining({ code: UNAVAILABLE, status: 503, reason: 'not_loaded' }),
      )
      await a.verifier.settled()
      expect(a.judgeSync(token)).toBe('accepted')
    }
  })

  test('hydrate loads it, with the keys', async () => {
    const { a, calls } = createWorld()
    await a.verifier.hydrate()
    await a.verifier.hydrate()

    expect(calls.read).toBe(1)
    expect(a.judgeSync(await mint())).toBe('accepted')
  })

  test('a store that fails is an outage, and no verdict on the token', async () => {
    const { a, state } = createWorld()
    state.error = new Error('down')

    await expect(a.verifier.verify(await mint())).rejects.toMatchObject({
      name: 'StoreError',
      code: UNAVAILABLE,
      status: 503,
      cause: state.error,
    })
    await expect(a.verifier.hydrate()).rejects.toMatchObject({ code: UNAVAILABLE })
    expect(a.judgeSync(await mint())).toBe(UNAVAILABLE)
  })

  test('a bad token is rejected as a bad token all the same', async () => {
    const { a, state } = createWorld()
    state.error = new Error('down')

    expect(await a.judge(await mint({ exp: 1 }))).toBe('ERR_TOKEN_EXPIRED')
    expect(await a.judge('x.y.z')).toBe('ERR_TOKEN_MALFORMED')
  })

  test('a failed read is tried again after a second, not by every call', async () => {
    const { a, state, calls, clock } = createWorld()
    state.error = new Error('down')
    const token = await mint()

    for (let call = 0; call < 5; call++) expect(await a.judge(token)).toBe(UNAVAILABLE)
    expect(calls.read).toBe(1)

    state.error = undefined
    clock.ms += 1_000
    expect(await a.judge(token)).toBe('accepted')
    expect(calls.read).toBe(2)
  })

  test('whenStale: accept lets tokens pass after the first read has failed', async () => {
    const { a, state } = createWorld({ whenStale: 'accept' })
    state.error = new Error('down')
    const token = await mint()

    expect(await a.judge(token)).toBe('accepted')
    expect(a.judgeSync(token)).toBe('accepted')
    expect(a.events).toMatchObject([{ type: 'revocations.failed', effect: 'accept' }])
    await expect(a.verifier.hydrate()).resolves.toBeUndefined()
  })

  test('a store that never answers holds a call up for five seconds, and no further calls', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { a, state } = createWorld()
    state.gate = new Promise(() => undefined)
    const token = await mint()

    const first = a.judge(token)
    await vi.advanceTimersByTimeAsync(4_999)
    const second = a.judge(token)
    await vi.advanceTimersByTimeAsync(1)

    expect(await first).toBe(UNAVAILABLE)
    expect(await a.judge(token)).toBe(UNAVAILABLE)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await second).toBe(UNAVAILABLE)
  })

  test('a long list is waited for as long as it comes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const clock = createClock()
    const pages = Array.from({ length: 10 })
    const slow = {
      append: async () => undefined,
      read: async (_: unknown, onRecords: (texts: readonly string[]) => void) => {
        for (const _page of pages) {
          await new Promise((resolve) => setTimeout(resolve, 4_000))
          onRecords([])
        }
        return { cursor: 1, isReset: false }
      },
    }
    const a = createProcess(slow, clock)
    const outcome = a.judge(await mint())

    await vi.advanceTimersByTimeAsync(40_000)
    expect(await outcome).toBe('accepted')
  })
})

describe('a store that fails later', () => {
  test('holds no call up, and counts after maxStaleMs', async () => {
    const { a, state, clock } = createWorld()
    await a.revocations.revoke(bob)
    await a.verifier.hydrate()
    const [token, other] = [await mint(), await mint({ sub: 'bob' })]
    state.error = new Error('down')

    clock.ms += 60_000
    expect([await a.judge(token), await a.judge(other)]).toEqual(['accepted', REVOKED])
    expect(a.judgeSync(token)).toBe('accepted')
    clock.ms += 1
    expect([await a.judge(token), await a.judge(other)]).toEqual([UNAVAILABLE, UNAVAILABLE])
    expect(a.judgeSync(token)).toBe(UNAVAILABLE)
  })

  test('for ten minutes: afterwards, what was revoked meanwhile is in force before any token passes', async () => {
    const { a, state, clock, store } = createWorld()
    await a.verifier.hydrate()
    const [token, other] = [await mint(), await mint({ sub: 'bob' })]
    const working = createProcess(store, clock)
    await working.revocations.revoke(bob)
    state.error = new Error('down')

    for (let seconds = 0; seconds < 600; seconds += 5) {
      clock.ms += 5_000
      await a.judge(token)
      await a.verifier.settled()
    }
    expect(await a.judge(token)).toBe(UNAVAILABLE)
    state.error = undefined
    clock.ms += 1_000

    expect(await a.judge(other)).toBe(REVOKED)
    expect(await a.judge(token)).toBe('accepted')
  })

  test('and whenStale: accept, for ten minutes: known entries count all the time', async () => {
    const { a, state, clock } = createWorld({ whenStale: 'accept' })
    await a.revocations.revoke(bob)
    await a.verifier.hydrate()
    const [token, other] = [await mint(), await mint({ sub: 'bob' })]
    state.error = new Error('down')

    for (let seconds = 0; seconds < 600; seconds += 5) {
      clock.ms += 5_000
      expect([await a.judge(token), await a.judge(other)]).toEqual(['accepted', REVOKED])
    }
    expect(a.events.at(-1)).toMatchObject({ type: 'revocations.failed', effect: 'accept' })
  })

  test('slow reads overlap with nothing, and hold no call up', async () => {
    const { a, state, clock, calls } = createWorld()
    await a.verifier.hydrate()
    const token = await mint()
    let open = (): void => undefined
    state.gate = new Promise((resolve) => {
      open = resolve
    })

    for (let call = 0; call < 5; call++) {
      clock.ms += 1_500
      expect(await a.judge(token)).toBe('accepted')
    }
    expect(calls.read).toBe(2)
    open()
    await a.verifier.settled()
    expect(await a.judge(token)).toBe('accepted')
  })

  test('settled never rejects, and close forgets the list', async () => {
    const { a, state, clock } = createWorld()
    await a.revocations.revoke(alice)
    await a.verifier.hydrate()
    state.error = new Error('down')
    clock.ms += 5_000
    expect(await a.judge(await mint())).toBe(REVOKED)

    await expect(a.verifier.settled()).resolves.toBeUndefined()
    state.error = undefined
    a.verifier.close()
    expect(a.judgeSync(await mint({ sub: 'carol' }))).toBe(UNAVAILABLE)
    expect(await a.judge(await mint())).toBe(REVOKED)
  })
})

describe('a process that was frozen for an hour', () => {
  test('rejects what was revoked meanwhile on its first call', async () => {
    const { a, store, clock } = createWorld()
    const token = await mint({ exp: UNTIL + 7_200 })
    expect(await a.judge(token)).toBe('accepted')
    await createProcess(store, clock).revocations.revoke({ ...alice, until: UNTIL + 7_200 })

    clock.ms += 3_600_000
    expect(await a.judge(token)).toBe(REVOKED)
  })

  test('in the middle of a read that never ends reads again', async () => {
    const { a, store, clock, state, calls } = createWorld()
    const token = await mint({ exp: UNTIL + 7_200 })
    expect(await a.judge(token)).toBe('accepted')
    const b = createProcess(store, clock)
    await b.revocations.revoke({ ...alice, until: UNTIL + 7_200 })
    state.gate = new Promise(() => undefined)
    clock.ms += 5_000
    expect(await a.judge(token)).toBe('accepted')

    state.gate = undefined
    clock.ms += 3_600_000
    expect(await a.judge(token)).toBe(REVOKED)
    // one of them by the process that has revoked
    expect(calls.read).toBe(4)
  })

  test('under verifySync says that the list is too old, and reads it', async () => {
    const { a, clock } = createWorld()
    const token = await mint({ exp: UNTIL + 7_200 })
    await a.verifier.hydrate()
    clock.ms += 3_600_000

    expect(a.judgeSync(token)).toBe(UNAVAILABLE)
    await a.verifier.settled()
    expect(a.judgeSync(token)).toBe('accepted')
  })

  test('or whose clock was set back counts the age of its list from then on', async () => {
    const { a, state, clock } = createWorld()
    const token = await mint()
    await a.verifier.hydrate()
    state.error = new Error('down')
    clock.ms -= 1_800_000

    expect(await a.judge(token)).toBe('accepted')
    await a.verifier.settled()
    clock.ms += 60_001
    expect(await a.judge(token)).toBe(UNAVAILABLE)
  })

  test('or whose clock was set back goes on', async () => {
    const { a, store, clock } = createWorld()
    const token = await mint()
    await a.verifier.hydrate()
    clock.ms -= 1_800_000
    await createProcess(store, clock).revocations.revoke(alice)

    expect(await a.judge(token)).toBe('accepted')
    await a.verifier.settled()
    expect(await a.judge(token)).toBe(REVOKED)
  })
})

describe('a store that has lost its records', () => {
  test('gets them back from the processes that know them', async () => {
    const { a, store, clock, loseAll } = createWorld()
    const b = createProcess(store, clock)
    await a.revocations.revoke(alice)
    await b.revocations.revoke(bob)
    await b.revocations.revoke({ ...alice, sub: 'carol' })
    clock.ms += 5_000
    await b.verifier.hydrate()
    await b.revocations.restore({ ...alice, sub: 'carol' })
    clock.ms += 5_000
    for (const one of [a, b]) await one.verifier.hydrate()
    loseAll()

    clock.ms += 5_000
    await b.verifier.hydrate()

    expect(b.events.at(-1)).toEqual({ type: 'revocations.rewritten', entries: 3 })
    const fresh = createProcess(store, clock)
    expect(await fresh.judge(await mint())).toBe(REVOKED)
    expect(await fresh.judge(await mint({ sub: 'bob' }))).toBe(REVOKED)
    expect(await fresh.judge(await mint({ sub: 'carol' }))).toBe('accepted')
    expect(await b.judge(await mint())).toBe(REVOKED)
  })

  test('and fails when it gets them back is tried again', async () => {
    const { a, store, state, clock, loseAll } = createWorld()
    await a.verifier.hydrate()
    await a.revocations.revoke(alice)
    loseAll()
    const append = store.append
    Object.assign(store, { append: () => Promise.reject(new Error('read only')) })
    clock.ms += 5_000
    await a.verifier.hydrate()
    expect(a.events.at(-1)).toMatchObject({ type: 'revocations.failed', effect: 'none' })
    expect(await a.judge(await mint())).toBe(REVOKED)

    Object.assign(store, { append })
    clock.ms += 5_000
    await a.verifier.hydrate()
    expect(state.error).toBeUndefined()
    expect(await createProcess(store, clock).judge(await mint())).toBe(REVOKED)
  })
})

describe('a full list', () => {
  test('drops nothing: the store counts as not read', async () => {
    const { store, clock } = createWorld()
    const writer = createProcess(store, clock)
    const small = createProcess(store, clock, { max: 2 })
    for (const sub of ['alice', 'bob']) await writer.revocations.revoke({ ...alice, sub })
    await small.verifier.hydrate()
    await writer.revocations.revoke({ ...alice, sub: 'carol' })

    clock.ms += 5_000
    await small.verifier.hydrate()
    expect(small.events.at(-1)).toMatchObject({ type: 'revocations.failed', effect: 'none' })
    expect(await small.judge(await mint())).toBe(REVOKED)
    clock.ms += 60_000
    expect(await small.judge(await mint({ sub: 'dave' }))).toBe(UNAVAILABLE)
  })

  test('rejects what it has no room for before it is written', async () => {
    const { clock, calls, store } = createWorld()
    const small = createProcess(store, clock, { max: 1 })
    await small.revocations.revoke(alice)

    await expect(small.revocations.revoke(bob)).rejects.toMatchObject({
      code: UNAVAILABLE,
      reason: 'limited',
    })
    expect(calls.append).toBe(1)
  })

  test('has room again when entries have expired', async () => {
    const clock = createClock()
    const small = createProcess(memoryRevocationStore({ now: () => clock.ms }), clock, { max: 1 })
    await small.revocations.revoke(alice)

    clock.ms = (UNTIL + 901) * 1_000
    await small.revocations.revoke({ ...bob, until: UNTIL + 7_200 })
    await small.verifier.hydrate()
    const exp = UNTIL + 7_200
    expect(await small.judge(await mint({ exp, sub: 'bob' }))).toBe(REVOKED)
    expect(await small.judge(await mint({ exp, sub: 'alice' }))).toBe('accepted')
  })
})

describe('a store that loses the end of its log', () => {
  /** As a server that is killed before its last writes are on the disk: what was read before is still there. */
  function createLossyStore() {
    const texts: string[] = []
    const store = {
      append: async (records: readonly { text: string }[]) => {
        for (const { text } of records) if (!texts.includes(text)) texts.push(text)
      },
      read: async (cursor: unknown, onRecords: (texts: readonly string[]) => void) => {
        onRecords(texts.slice(Number(cursor ?? 0)))
        return { cursor: texts.length, isReset: false }
      },
    }
    return { store, texts }
  }

  test('gets it back from the process that wrote it, although no reader noticed', async () => {
    const clock = createClock()
    const { store, texts } = createLossyStore()
    const a = createProcess(store, clock)
    await a.revocations.revoke(bob)
    await a.verifier.hydrate()
    await a.revocations.revoke(alice)
    texts.pop()

    clock.ms += 5_000
    await a.verifier.hydrate()
    expect(a.events.at(-1)).toEqual({ type: 'revocations.rewritten', entries: 1 })
    expect(await createProcess(store, clock).judge(await mint())).toBe(REVOKED)

    clock.ms += 5_000
    await a.verifier.hydrate()
    expect(a.events.filter(({ type }) => type === 'revocations.rewritten')).toHaveLength(1)
  })

  test('gets it back from a process that only revokes, with its next call', async () => {
    const clock = createClock()
    const { store, texts } = createLossyStore()
    const { revocations, events } = createProcess(store, clock)
    await revocations.revoke(bob)
    await revocations.settled()
    await revocations.revoke(alice)
    texts.pop()

    clock.ms += 5_000
    await revocations.revoke({ ...alice, sub: 'carol' })
    await revocations.settled()
    expect(events.at(-1)).toEqual({ type: 'revocations.rewritten', entries: 1 })
    expect(await createProcess(store, clock).judge(await mint())).toBe(REVOKED)
  })

  test('is not sent again what a read has returned before the write ended', async () => {
    const clock = createClock()
    const { store } = createLossyStore()
    let append = store.append
    let open = (): void => undefined
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    append = async (records) => {
      await store.append(records)
      await gate
    }
    const a = createProcess({ read: store.read, append }, clock)
    const revoked = a.revocations.revoke(alice)
    await a.verifier.hydrate()
    expect(await a.judge(await mint())).toBe(REVOKED)
    open()
    await revoked

    for (let reads = 0; reads < 2; reads++) {
      clock.ms += 5_000
      await a.verifier.hydrate()
    }
    expect(a.events.map(({ type }) => type)).toEqual(['revocations.loaded'])
  })
})
