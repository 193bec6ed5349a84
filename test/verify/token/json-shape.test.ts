/**
 * Counting levels, objects and arrays in a text, compared with the result of the JSON parser.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isTooStructured } from '../../../src/verify/token/json-shape.ts'

const MAX_LEVELS = 65
const MAX_CONTAINERS = 1_024
const MAX_LENGTH = 16_384

function levelsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(levelsOf))
}

function containersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce((sum: number, one) => sum + containersOf(one), 1)
}

/** Text that could be mistaken for structure. */
const traps = fc.string({
  unit: fc.constantFrom('"', '\\', '[', ']', '{', '}', 'a', '\n'),
  maxLength: 80,
})
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    traps,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(traps, tie('value'), { maxKeys: 4 }),
  ),
})).value
const nested = fc
  .tuple(values, fc.array(fc.boolean(), { minLength: 55, maxLength: 75 }), traps)
  .map(([value, levels, name]) =>
    levels.reduce<unknown>((inner, isList) => (isList ? [name, inner] : { [name]: inner }), value),
  )

describe('agrees with the parser', () => {
  test('about the number of levels', () => {
    fc.assert(
      fc.property(nested, (value) => {
        expect(isTooStructured(JSON.stringify(value), MAX_LENGTH)).toBe(
          levelsOf(value) > MAX_LEVELS,
        )
      }),
      { numRuns: 300 },
    )
  })

  test('about the number of objects and arrays', () => {
    const many = fc.tuple(values, traps, fc.integer({ min: 1_000, max: 1_040 }))
    fc.assert(
      fc.property(many, ([value, name, count]) => {
        const list = [
          value,
          ...Array.from({ length: count }, (_, at) => (at % 2 ? [] : { [name]: name })),
        ]

        expect(isTooStructured(JSON.stringify(list), MAX_LENGTH)).toBe(
          containersOf(list) > MAX_CONTAINERS || levelsOf(list) > MAX_LEVELS,
        )
      }),
      { numRuns: 200 },
    )
  })
})

test.each(['', '"', '"\\', '{"a', ']]]]', '}'.repeat(200)])(
  'does not count %j as structure',
  (text) => {
    expect(isTooStructured(text, MAX_LENGTH)).toBe(false)
  },
)
