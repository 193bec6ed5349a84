/**
 * What stands in for lru-cache in the zip does what lru-cache does.
 */
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { LRUCache as Original } from 'lru-cache'
import { expect, onTestFinished, test } from 'vitest'
import { LRUCache } from '../../src/standalone/lru-cache.ts'

const ROOT = resolve(import.meta.dirname, '../..')

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

/** What can be seen of a cache while it is used. */
function run(cache: Cache, todo: readonly Step[]): unknown[] {
  return todo.map(([what, name], n) => {
    const answer = what === 'set' ? void cache.set(name, { n }) : cache[what](name)
    return [answer, [...cache.values()]]
  })
}

test('keeps what lru-cache keeps, whatever is done with it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), steps, (max, todo) => {
      expect(run(new LRUCache({ max }), todo)).toEqual(run(new Original({ max }), todo))
    }),
    { numRuns: 500 },
  )
})

test('the core uses nothing of lru-cache that it does not have', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'jwt-gate-lru-cache-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const config = {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: {
      paths: { 'lru-cache': [join(ROOT, 'src/standalone/lru-cache.ts')] },
      typeRoots: [join(ROOT, 'node_modules/@types')],
    },
    include: [join(ROOT, 'src/verify')],
    exclude: [],
  }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))

  const tsc = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' })

  expect(tsc).toMatchObject({ status: 0, stdout: '' })
})
