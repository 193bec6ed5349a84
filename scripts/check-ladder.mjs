/**
 * Checks that the rooms of `src/verify` import downwards only: from lower floors, or from their own room. Types count, too, and
 * so do re-exports and dynamic imports. Lists what climbs, and then fails.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'

const CORE = resolve('src/verify')

/** The floors, from the ground up. A name with a slash is a room, any other a file. */
const FLOORS = [
  ['errors.ts', 'algorithms.ts', 'standard-schema.ts'],
  ['events.ts', 'util/'],
  ['types.ts'],
  ['token/'],
  ['keys/', 'claims/'],
  ['jwks/', 'access/'],
  ['verifier-options.ts', 'fast-path.ts'],
  ['issuers/'],
  ['cache/'],
  ['engine.ts', 'adapter-kit.ts'],
  ['verifier.ts'],
  ['index.ts'],
]

// what follows `from` or `import`, in a type as well
const SPECIFIER = /\b(?:from|import)\s*\(?\s*(['"])(\.{1,2}\/[^'"]+)\1/g
const COMMENTS = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm

const files = readdirSync(CORE, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(CORE, name))
const found = files.flatMap(findClimbs)
for (const line of found) console.log(line)
if (found.length > 0) process.exitCode = 1

function findClimbs(file) {
  const from = placeOf(file)
  const name = relative('.', file)
  if (from.floor < 0) return [`${name}: stands on no floor of scripts/check-ladder.mjs (ladder)`]
  const text = readFileSync(file, 'utf8').replaceAll(COMMENTS, '')
  return [...text.matchAll(SPECIFIER)]
    .map(([, , specifier]) => specifier)
    .filter((specifier) => {
      const to = placeOf(resolve(dirname(file), specifier))
      return to.place !== from.place && to.floor >= from.floor
    })
    .map((specifier) => `${name}: imports ${specifier}, which does not stand below it (ladder)`)
}

/** Where a file stands: its room, or itself, and the floor of that. */
function placeOf(file) {
  const [first, ...rest] = relative(CORE, file).split(sep)
  const place = rest.length > 0 ? `${first}/` : first
  return { place, floor: FLOORS.findIndex((places) => places.includes(place)) }
}
