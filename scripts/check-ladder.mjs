/**
 * Checks the layers of `src/verify` and `src/lambda-authorizer`: each folder may import only from lower layers and from itself.
 * This includes type imports, re-exports and dynamic imports. Prints each violation, and then fails.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'

const GROUND = ['util/', 'authorizer-events.ts', 'authorizer-result.ts']
const TOP = [
  ['answer/'],
  ['authorizer-options.ts', 'app-sync/'],
  ['judge.ts'],
  ['create-authorizer.ts'],
  ['create-app-sync-authorizer.ts'],
  ['index.ts'],
]

/**
 * The ladders of each folder, lowest layer first. A name with a slash is a folder, any other name a file. A module may import
 * another one only if some ladder has both, and the other one lower.
 */
const LADDERS = {
  'src/verify': [
    [
      ['error-messages.ts', 'error-details.ts', 'error-reasons.ts'],
      ['errors.ts', 'algorithms.ts', 'standard-schema.ts', 'jwt-types.ts'],
      ['events.ts', 'util/', 'binding-types.ts', 'revocations.ts'],
      ['types.ts'],
      ['token/'],
      ['keys/', 'claims/', 'http/'],
      ['jwks/', 'access/', 'proof/'],
      [
        'verifier-options.ts',
        'fast-path.ts',
        'outcome.ts',
        'demands.ts',
        'presented.ts',
        'refusal-explainer.ts',
      ],
      ['issuers/'],
      ['cache/', 'parts.ts', 'every-call.ts'],
      ['token-checks.ts'],
      ['engine.ts', 'adapter-kit.ts', 'token-kit.ts'],
      ['verifier.ts', 'explain-kit.ts'],
      ['index.ts'],
    ],
  ],
  'src/lambda-authorizer': [
    [GROUND, ['routes/'], ['access/'], ...TOP],
    [GROUND, ['request/'], ...TOP],
    [GROUND, ['claims/'], ['index.ts']],
  ],
}

// the specifier after `from` or `import`, including `import()` in types
const SPECIFIER = /\b(?:from|import)\s*\(?\s*(['"])(\.{1,2}\/[^'"]+)\1/g
const COMMENTS = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm

const found = Object.entries(LADDERS).flatMap(([folder, ladders]) =>
  findAllViolations(folder, ladders),
)
for (const line of found) console.log(line)
if (found.length > 0) process.exitCode = 1

function findAllViolations(folder, ladders) {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name))
  return files.flatMap((file) => findViolations(file, folder, ladders))
}

function findViolations(file, folder, ladders) {
  const from = moduleOf(file, folder)
  if (!ladders.some((ladder) => layerOf(from, ladder) >= 0)) {
    return [`${file}: is in no layer of scripts/check-ladder.mjs (ladder)`]
  }
  const text = readFileSync(file, 'utf8').replaceAll(COMMENTS, '')
  return [...text.matchAll(SPECIFIER)]
    .map(([, , specifier]) => specifier)
    .filter((specifier) => {
      const to = moduleOf(resolve(dirname(file), specifier), folder)
      return to !== undefined && to !== from && !ladders.some((one) => isBelow(to, from, one))
    })
    .map((specifier) => `${file}: imports ${specifier}, which is not in a lower layer (ladder)`)
}

function isBelow(lower, upper, ladder) {
  const layer = layerOf(lower, ladder)
  return layer >= 0 && layer < layerOf(upper, ladder)
}

function layerOf(module, ladder) {
  return ladder.findIndex((modules) => modules.includes(module))
}

/** The subfolder of a file, or the file itself. `undefined` outside of the folder: biome.json checks such imports. */
function moduleOf(file, folder) {
  const [first, ...rest] = relative(folder, file).split(sep)
  if (first === '..') return undefined
  return rest.length > 0 ? `${first}/` : first
}
