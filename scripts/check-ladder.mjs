/**
 * Checks the layers of `src/verify`: each folder may import only from lower layers and from itself. This includes type imports,
 * re-exports and dynamic imports. Prints each violation, and then fails.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'

const GROUND = ['util/', 'authorizer-events.ts', 'authorizer-result.ts']
const TOP = [['answer/'], ['authorizer-options.ts'], ['create-authorizer.ts'], ['index.ts']]

/** The layers, lowest first. A name with a slash is a folder, any other name a file. */
const LAYERS = [
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

// the specifier after `from` or `import`, including `import()` in types
const SPECIFIER = /\b(?:from|import)\s*\(?\s*(['"])(\.{1,2}\/[^'"]+)\1/g
const COMMENTS = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm

const files = readdirSync(CORE, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(CORE, name))
const found = files.flatMap(findViolations)
for (const line of found) console.log(line)
if (found.length > 0) process.exitCode = 1

function findViolations(file) {
  const from = layerOf(file)
  const name = relative('.', file)
  if (from.layer < 0) return [`${name}: is in no layer of scripts/check-ladder.mjs (ladder)`]
  const text = readFileSync(file, 'utf8').replaceAll(COMMENTS, '')
  return [...text.matchAll(SPECIFIER)]
    .map(([, , specifier]) => specifier)
    .filter((specifier) => {
      const to = layerOf(resolve(dirname(file), specifier))
      return to.module !== from.module && to.layer >= from.layer
    })
    .map((specifier) => `${name}: imports ${specifier}, which is not in a lower layer (ladder)`)
}

/** The folder of a file (or the file itself, at the top level) and its layer. */
function layerOf(file) {
  const [first, ...rest] = relative(CORE, file).split(sep)
  const module = rest.length > 0 ? `${first}/` : first
  return { module, layer: LAYERS.findIndex((modules) => modules.includes(module)) }
}
