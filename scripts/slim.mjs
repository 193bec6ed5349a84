/**
 * What slim builds leave out: modules of `src`, and what takes their place. `jwt-gate/slim` and the zip are built this way.
 */
import { join, relative, resolve, sep } from 'node:path'

const SRC = resolve(import.meta.dirname, '../src')
const WITHOUT = join(SRC, 'slim/without')
/** The replacement of each file, in `src/slim/without`. */
const REPLACEMENTS = {
  'lambda-authorizer/access/access-map.ts': 'access-map',
  'lambda-authorizer/request/route-identity.ts': 'access-map',
  'http-request/event-presented.ts': 'binding',
  'http-request/event-url.ts': 'binding',
  'verify/demands.ts': 'binding',
  'verify/proof/binding.ts': 'binding',
  'verify/proof/binding-settings.ts': 'binding',
  'verify/outcome.ts': 'channels',
  'verify/util/channels.ts': 'channels',
  'verify/issuers/resolved-issuers.ts': 'resolver',
  'verify/util/other-names.ts': 'names',
  'standalone/stores.ts': 'stores',
}

const ALL = new Set(Object.values(REPLACEMENTS))

/** A plugin of esbuild. @param names - replacements; all of them without it */
export function leaveOut(names = ALL) {
  return {
    name: 'leave-out',
    setup: ({ onResolve }) => {
      onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, resolveDir }) => {
        const replacement = replacementOf(join(resolveDir, path), names)
        return replacement && { path: replacement }
      })
    },
  }
}

/** What takes the place of a file; `undefined` if nothing does. */
export function replacementOf(file, names = ALL) {
  const name = REPLACEMENTS[relative(SRC, file).replaceAll(sep, '/')]
  return names.has(name) ? join(WITHOUT, `${name}.ts`) : undefined
}

/** An alias: takes the place of the npm package `lru-cache`, a fifth of the code. */
export const LRU_CACHE = { 'lru-cache': join(WITHOUT, 'lru-cache.ts') }
