/**
 * What users give: the options of a list and of its memory, and entries; and the records that a store gets of them.
 */
import {
  createRevocations,
  memoryRevocationStore,
  type RestoredTokens,
  type RevocationRecord,
  type RevocationStore,
  type RevokedTokens,
} from 'jwt-gate/stores'
import { describe, expect, test } from 'vitest'
import { createClock, createProcess, iss, mint, NOW, UNTIL } from './world.ts'

const store = memoryRevocationStore()
const good = { store, whenStale: 'refuse' } as const
const invalid = (message: string) =>
  expect.objectContaining({
    code: 'ERR_CONFIG_INVALID',
    message: expect.stringContaining(message),
  })

describe('an option', () => {
  test.each<[string, unknown]>([
    ['"options"', undefined],
    ['"refresh"', { ...good, refresh: 1 }],
    ['"store" must be the return value of redisRevocationStore()', { whenStale: 'refuse' }],
    ['"store" must be the return value', { ...good, store: {} }],
    ['"store" must be the return value', { ...good, store: { append: store.append } }],
    ['"store" must be the return value', { ...good, store: { read: store.read } }],
    ['"whenStale" must say what happens', { store }],
    ['"whenStale"', { store, whenStale: 'fail' }],
    ['"refreshMs"', { ...good, refreshMs: 0 }],
    ['"refreshMs"', { ...good, refreshMs: 3_600_001, maxStaleMs: 3_600_001 }],
    ['"maxStaleMs"', { ...good, refreshMs: 1, maxStaleMs: 0 }],
    ['"maxStaleMs"', { ...good, maxStaleMs: 86_400_001 }],
    ['"maxStaleMs" must not be less than "refreshMs"', { ...good, maxStaleMs: 4_999 }],
    ['"max"', { ...good, max: 0 }],
    ['"max"', { ...good, max: 10_000_001 }],
    ['"onEvent"', { ...good, onEvent: 'log' }],
    ['"now"', { ...good, now: 5 }],
  ])('is named if it is wrong: %s', (message, options) => {
    expect(() => createRevocations(options as never)).toThrow(invalid(message))
  })

  test.each([
    { refreshMs: 1, maxStaleMs: 1 },
    { refreshMs: 3_600_000, maxStaleMs: 86_400_000 },
    { maxStaleMs: 5_000 },
    { max: 1 },
    { max: 10_000_000 },
  ])('may be at its limit: %j', (options) => {
    expect(() => createRevocations({ ...good, ...options })).not.toThrow()
  })

  test.each<[string, unknown]>([
    ['"options"', 5],
    ['"clock"', { clock: Date.now }],
    ['"now"', { now: 5 }],
  ])('of the store in memory is named if it is wrong: %s', (message, options) => {
    expect(() => memoryRevocationStore(options as never)).toThrow(invalid(message))
  })
})

describe('an entry', () => {
  const entry = { issuer: iss, sub: 'alice', until: UNTIL }
  const none = { issuer: iss, until: UNTIL }

  test.each<[string, unknown]>([
    ['"entry"', undefined],
    ['"member"', { ...entry, member: 'sub' }],
    ['"entry" must have exactly one of jti, origin_jti, sid, sub, client_id', none],
    ['"entry" must have exactly one of', { ...entry, sid: 'x' }],
    ['"issuer"', { ...entry, issuer: undefined }],
    ['"issuer" must have at most 2048 characters', { ...entry, issuer: 'x'.repeat(2_049) }],
    ['"sub"', { ...entry, sub: '' }],
    ['"sub" must have at most 2048 characters', { ...entry, sub: 'x'.repeat(2_049) }],
    ['"issuedBefore" must be a time in seconds', { ...entry, issuedBefore: '1' }],
    ['"issuedBefore" must be a time in seconds', { ...entry, issuedBefore: 0 }],
  ])('is rejected, and so is what it restores: %s', async (message, given) => {
    const revocations = createRevocations(good)

    await expect(revocations.revoke(given as RevokedTokens)).rejects.toThrow(invalid(message))
    await expect(revocations.restore(given as RestoredTokens)).rejects.toThrow(invalid(message))
  })

  test.each([undefined, null, '5', 0, -1, 1e11, Number.NaN])(
    'does not end at %j',
    async (until) => {
      const work = createRevocations(good).revoke({ ...entry, until } as RevokedTokens)

      await expect(work).rejects.toThrow(invalid('"until" must be a time in seconds since 1970'))
    },
  )

  test('may be as long and as late as that', async () => {
    const longest = { ...entry, sub: 'x'.repeat(2_048), until: 1e11 - 1 }

    await expect(createRevocations(good).revoke(longest)).resolves.toBeUndefined()
  })
})

describe('a record', () => {
  /** A store that shows what it gets. */
  function createShownStore() {
    const records: RevocationRecord[] = []
    const inner = memoryRevocationStore()
    const shown: RevocationStore = {
      append: async (added) => {
        records.push(...added)
        await inner.append(added)
      },
      read: inner.read,
    }
    return { shown, records }
  }

  test('has all of an entry, and outlives it by a quarter of an hour', async () => {
    const { shown, records } = createShownStore()
    const { revocations } = createProcess(shown, createClock())
    const entry = { issuer: iss, sub: 'alice', until: UNTIL + 0.5 }

    await revocations.revoke(entry)
    await revocations.revoke({ ...entry, issuedBefore: NOW })
    await revocations.restore({ issuer: iss, sub: 'alice', issuedBefore: NOW })

    const [first, second, third] = records.map(({ text }) => JSON.parse(text) as unknown[])
    const [, id] = second ?? []
    expect(first).toEqual([
      '+',
      expect.stringMatching(/^[\w-]{16}$/),
      iss,
      'sub',
      'alice',
      UNTIL + 0.5,
      null,
    ])
    expect(second).toEqual([
      '+',
      expect.stringMatching(/^[\w-]{16}$/),
      iss,
      'sub',
      'alice',
      UNTIL + 0.5,
      NOW,
    ])
    expect(third).toEqual(['-', id, iss, 'sub', 'alice', UNTIL + 0.5])
    expect(new Set(records.map(({ expiresAt }) => expiresAt))).toEqual(new Set([UNTIL + 1 + 900]))
    expect(first?.[1]).not.toBe(id)
  })

  test('is not written if there is nothing to take back', async () => {
    const inner = memoryRevocationStore()
    let writes = 0
    const append = async () => void writes++
    const revocations = createRevocations({ ...good, store: { ...inner, append } })

    await revocations.restore({ issuer: iss, sub: 'nobody' })
    expect(writes).toBe(0)
    await revocations.revoke({ issuer: iss, sub: 'alice', until: UNTIL })
    expect(writes).toBe(1)
  })

  test.each([
    ['no list', '{}'],
    ['another kind', `["*","id","${iss}","sub","alice",${UNTIL},null]`],
    ['an id that is no text', `["+",1,"${iss}","sub","alice",${UNTIL},null]`],
    ['an issuer that is no text', `["+","id",1,"sub","alice",${UNTIL},null]`],
    ['a value that is no text', `["+","id","${iss}","sub",1,${UNTIL},null]`],
    ['another claim', `["+","id","${iss}","aud","alice",${UNTIL},null]`],
    ['an end that is no number', `["+","id","${iss}","sub","alice","1",null]`],
    ['an issuedBefore that is no number', `["+","id","${iss}","sub","alice",${UNTIL},"1"]`],
    ['an end of a removal that is no number', `["-","id","${iss}","sub","alice","1"]`],
  ])('with %s is an error that says so', async (_, text) => {
    const inner = memoryRevocationStore()
    await inner.append([{ text, expiresAt: UNTIL }])
    const { judge, events } = createProcess(inner, createClock())

    expect(await judge(await mint())).toBe('ERR_REVOCATIONS_UNAVAILABLE')
    const message = 'The store of revocations has a record that cannot be read'
    expect(events).toMatchObject([{ type: 'revocations.failed', error: { message } }])
  })

  test.each([
    ['without issuedBefore', `["+","id","${iss}","sub","alice",${UNTIL}]`, 'ERR_TOKEN_REVOKED'],
    ['of a later time', `["+","id","${iss}","sub","alice",${UNTIL},${NOW}]`, 'ERR_TOKEN_REVOKED'],
    ['of an earlier time', `["+","id","${iss}","sub","alice",${UNTIL},${NOW - 600}]`, 'accepted'],
    ['of a removal', `["-","id","${iss}","sub","alice",${UNTIL}]`, 'accepted'],
  ])('%s counts', async (_, text, outcome) => {
    const inner = memoryRevocationStore()
    await inner.append([{ text, expiresAt: UNTIL }])

    expect(await createProcess(inner, createClock()).judge(await mint())).toBe(outcome)
  })
})

describe('the store in memory', () => {
  const seconds = (text: string, expiresAt: number) => ({ text, expiresAt })

  test('returns what was added since a cursor, and forgets what has expired when it has grown', async () => {
    const clock = createClock()
    const inner = memoryRevocationStore({ now: () => clock.ms })
    const read = async (cursor: unknown) => {
      const texts: string[] = []
      const progress = await inner.read(cursor, (page) => texts.push(...page))
      return { ...progress, texts }
    }
    await inner.append(Array.from({ length: 999 }, (_, at) => seconds(`old-${at}`, NOW)))
    const first = await read(undefined)
    clock.ms += 1_000
    await inner.append([seconds('one', NOW + 1)])
    expect((await read(undefined)).texts).toHaveLength(1_000)
    await inner.append([seconds('two', NOW + 60)])

    expect([first.texts.length, first.isReset]).toEqual([999, false])
    expect((await read(undefined)).texts).toEqual(['one', 'two'])
    const next = await read(first.cursor)
    expect([next.texts, next.isReset]).toEqual([['one', 'two'], false])
    expect((await read(next.cursor)).texts).toEqual([])
  })
})
