/**
 * The replacement for lru-cache in the zip behaves like lru-cache.
 */
import fc from 'fast-check'
import { LRUCache as Original } from 'lru-cache'
import { expect, test } from 'vitest'
import { LRUCache } from '../../src/slim/without/lru-cache.ts'

type Cache = Pick<LRUCache<string, { n: number }>, 'get' | 'set' | 'delete' | 'clear'> & {
  values: () => Iterable<{ n: number }>
}
type Step = readonly [keyof Omit<Cache, 'values'>, string]

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: fc.tuple(fc.constantFrom('get', 'set', 'delete'), key) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('clear'), key) },
  ),
  { maxLength: 40 },
)

/** The observable state of a cache while it is used. */
function run(cache: Cache, todo: readonly Step[]): unknown[] {
  return todo.map(([what, name], n) => {
    const answer = what === 'set' ? void cache.set(name, { n }) : cache[what](name)
    return [answer, [...cache.values()]]
  })
}

test('has the same entries as lru-cache after any sequence of operations', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), steps, (max, todo) => {
      expect(run(new LRUCache({ max }), todo)).toEqual(run(new Original({ max }), todo))
    }),
    { numRuns: 500 },
  )
})
