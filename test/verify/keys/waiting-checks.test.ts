/**
 * The order in which waiting signature checks are served, and which of them are lost if there are too many.
 */
import { describe, expect, test } from 'vitest'
import { WaitingChecks } from '../../../src/verify/keys/waiting-checks.ts'

interface Check {
  readonly issuer: string
  readonly weight: number
  readonly name: string
}

/** The limit is ten of these. */
const M = 1_000_000

const check = (name: string, weight = 1): Check => ({ issuer: name.charAt(0), weight, name })
const hasRoom = () => true
const namesOf = (checks: readonly Check[]): string[] => checks.map(({ name }) => name)

function fill(...checks: Check[]): { waiting: WaitingChecks<Check>; lost: string[] } {
  const waiting = new WaitingChecks<Check>()
  return { waiting, lost: checks.flatMap((one) => namesOf(waiting.add(one))) }
}

function takeAll(waiting: WaitingChecks<Check>): string[] {
  const taken = []
  for (let next = waiting.takeNext(hasRoom); next; next = waiting.takeNext(hasRoom))
    taken.push(next)
  return namesOf(taken)
}

describe('waiting checks', () => {
  test('of one issuer are served from the newest to the oldest', () => {
    const { waiting } = fill(check('a1'), check('a2'), check('a3'))

    expect(takeAll(waiting)).toEqual(['a3', 'a2', 'a1'])
    expect(waiting.takeNext(hasRoom)).toBeUndefined()
  })

  test('of several issuers are served in turn', () => {
    const { waiting } = fill(check('a1'), check('a2'), check('a3'), check('b1'), check('c1'))

    expect(takeAll(waiting)).toEqual(['a3', 'b1', 'c1', 'a2', 'a1'])
  })

  test('keep the turn of their issuer, whatever arrives meanwhile', () => {
    const { waiting } = fill(check('a1'), check('a2'), check('b1'))
    expect(waiting.takeNext(hasRoom)?.name).toBe('a2')
    waiting.add(check('a3'))
    waiting.add(check('c1'))

    expect(takeAll(waiting)).toEqual(['b1', 'a3', 'c1', 'a1'])
  })

  test('are not taken if there is no room for the one whose turn it is', () => {
    const { waiting } = fill(check('a1'), check('a2'), check('b1'))
    const seen: string[] = []
    const hasNone = ({ name }: Check) => seen.push(name) === 0

    expect(waiting.takeNext(hasNone)).toBeUndefined()
    expect(seen).toEqual(['a2'])
    expect(takeAll(waiting)).toEqual(['a2', 'b1', 'a1'])
    expect(waiting.takeNext(hasNone)).toBeUndefined()
    expect(seen).toEqual(['a2'])
  })

  test('are all kept up to the limit', () => {
    const { waiting, lost } = fill(check('a1', 5 * M), check('b1', 4 * M), check('a2', M))

    expect(lost).toEqual([])
    expect(namesOf(waiting.add(check('a3')))).toEqual(['a1'])
  })

  test('are lost from the oldest on, as many as necessary', () => {
    const names = ['a1', 'a2', 'a3', 'a4']
    const { waiting, lost } = fill(...names.map((name) => check(name, 2 * M)), check('a5', 5 * M))

    expect(lost).toEqual(['a1', 'a2'])
    expect(takeAll(waiting)).toEqual(['a5', 'a4', 'a3'])
  })

  test('are lost by an issuer that has more than its share', () => {
    const { waiting, lost } = fill(check('b1', 2 * M), check('a1', 4 * M), check('a2', 4 * M))
    expect(lost).toEqual([])

    expect(namesOf(waiting.add(check('b2', 3 * M)))).toEqual([])
    expect(namesOf(waiting.add(check('b3', M)))).toEqual(['b1'])
    expect(namesOf(waiting.add(check('a3', M)))).toEqual(['a1'])
    expect(takeAll(waiting)).toEqual(['b3', 'a3', 'b2', 'a2'])
  })

  test('a new one is never lost', () => {
    const issuers = ['a', 'b', 'c', 'd', 'e', 'f']
    const { waiting, lost } = fill(...issuers.map((issuer) => check(`${issuer}1`, 3 * M)))

    expect(lost).toEqual([])
    expect(namesOf(waiting.add(check('f2', 3 * M)))).toEqual(['f1'])
    expect(takeAll(waiting)).toEqual(['a1', 'b1', 'c1', 'd1', 'e1', 'f2'])
  })

  test('make room when they are served', () => {
    const { waiting } = fill(check('a1', 8 * M), check('a2', 2 * M))
    waiting.takeNext(hasRoom)

    expect(waiting.add(check('a3', 2 * M))).toEqual([])
    expect(takeAll(waiting)).toEqual(['a3', 'a1'])
    expect(waiting.add(check('a4', 5 * M))).toEqual([])
    expect(waiting.add(check('a5', 5 * M))).toEqual([])
  })

  test('become the newest again when they have another caller', () => {
    const [a1, a2] = [check('a1', 4 * M), check('a2', 4 * M)]
    const { waiting } = fill(a1, a2, check('b1'))
    waiting.renew(a1)
    waiting.renew(a1)

    expect(namesOf(waiting.add(check('a3', 4 * M)))).toEqual(['a2'])
    expect(takeAll(waiting)).toEqual(['a3', 'b1', 'a1'])
  })

  test('that do not wait any more cannot come back', () => {
    const a2 = check('a2')
    const { waiting } = fill(check('a1'), a2)
    expect(waiting.takeNext(hasRoom)).toBe(a2)
    waiting.renew(a2)

    expect(takeAll(waiting)).toEqual(['a1'])
    waiting.renew(a2)
    expect(takeAll(waiting)).toEqual([])
  })
})
