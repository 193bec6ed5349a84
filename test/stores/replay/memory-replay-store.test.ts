/**
 * The replay store of one process: each id passes once while it counts, and a full store forgets none.
 */
import { memoryReplayStore } from 'jwt-gate/stores'
import { describe, expect, test } from 'vitest'

/** A store with a clock that the test moves. */
function createStore(max: number) {
  const clock = { ms: 1_700_000_000_000 }
  const store = memoryReplayStore({ max, now: () => clock.ms })
  const claim = (id: string, seconds: number) => store.claim(id, seconds) === true
  return { claim, clock }
}

describe('an id', () => {
  test('passes once', () => {
    const { claim } = createStore(10)

    expect([claim('a', 60), claim('a', 60), claim('b', 60), claim('a', 60)]).toEqual([
      true,
      false,
      true,
      false,
    ])
  })

  test('counts until its seconds are over, and then makes room', () => {
    const { claim, clock } = createStore(10)
    claim('a', 60)

    clock.ms += 60_000
    expect(claim('a', 60)).toBe(false)
    clock.ms += 2_000
    expect(claim('a', 60)).toBe(true)
  })

  test('counts for the whole time even if it was claimed at the end of a second', () => {
    const { claim, clock } = createStore(10)
    clock.ms += 999
    claim('a', 1)

    clock.ms += 1_000
    expect(claim('a', 1)).toBe(false)
  })

  test('does not pass again if the clock is set back', () => {
    const { claim, clock } = createStore(10)
    claim('a', 60)

    clock.ms -= 3_600_000
    expect(claim('a', 60)).toBe(false)
    clock.ms += 3_600_000
    expect(claim('a', 60)).toBe(false)
  })

  test('that is claimed while the clock is set back counts from the latest time', () => {
    const { claim, clock } = createStore(10)
    claim('a', 60)
    clock.ms -= 3_600_000
    claim('b', 60)

    clock.ms += 3_650_000
    expect([claim('a', 60), claim('b', 60)]).toEqual([false, false])
  })

  test('makes room together with the others of its second', () => {
    const { claim, clock } = createStore(2)
    for (const id of ['a', 'b']) claim(id, 60)

    clock.ms += 62_000
    expect([claim('c', 60), claim('d', 60)]).toEqual([true, true])
  })

  test('may have the name of a member of every object', () => {
    const { claim } = createStore(10)

    for (const id of ['__proto__', 'constructor', 'toString']) {
      expect([claim(id, 60), claim(id, 60)]).toEqual([true, false])
    }
  })
})

describe('a full store', () => {
  test('accepts no new id, and forgets none', () => {
    const { claim } = createStore(2)
    claim('a', 60)
    claim('b', 60)

    expect(() => claim('c', 60)).toThrow('full')
    expect([claim('a', 60), claim('b', 60)]).toEqual([false, false])
  })

  test('has room again as soon as an id has expired, whichever was first', () => {
    const { claim, clock } = createStore(2)
    claim('long', 600)
    claim('short', 5)

    clock.ms += 7_000
    expect(claim('c', 60)).toBe(true)
    expect(() => claim('d', 60)).toThrow('full')
    expect(claim('long', 60)).toBe(false)
  })
})

describe('what cannot be kept', () => {
  test.each([
    ['', 60],
    [undefined, 60],
    [{}, 60],
    ['a', 0],
    ['a', -1],
    ['a', Number.NaN],
    ['a', Number.POSITIVE_INFINITY],
    ['a', 31_536_001],
    ['a', '60'],
    ['a', undefined],
  ])('is not claimed: %j for %j seconds', (id, seconds) => {
    const { claim } = createStore(10)
    const message =
      id === 'a'
        ? '"seconds" must be a number from 1 to 31536000'
        : '"id" must be a non-empty string'

    expect(() => claim(id as string, seconds as number)).toThrow(new TypeError(message))
    expect(claim('a', 60)).toBe(true)
  })
})

test('an id can be kept for a year', () => {
  expect(createStore(10).claim('a', 31_536_000)).toBe(true)
})

describe('the options', () => {
  test.each([
    ['max', {}],
    ['max', { max: 0 }],
    ['max', { max: 1.5 }],
    ['max', { max: '10' }],
    ['options', undefined],
    ['maximum', { max: 1, maximum: 1 }],
    ['now', { max: 1, now: 5 }],
    ['now', { max: 1, now: () => 1_700_000_000 }],
  ])('name "%s" if it is wrong: %j', (name, options) => {
    expect(() => memoryReplayStore(options as never)).toThrow(
      expect.objectContaining({
        code: 'ERR_CONFIG_INVALID',
        message: expect.stringContaining(`"${name}"`),
      }),
    )
  })

  test('have a clock by default', () => {
    const { claim } = memoryReplayStore({ max: 1 })

    expect([claim('a', 60), claim('a', 60)]).toEqual([true, false])
  })
})
