/**
 * Which npm packages esbuild has inlined, and where they are. Who inlines a package has to hand on its licence.
 */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const MODULES = resolve(import.meta.dirname, '../node_modules')

/** The names of the packages that files come from, as the inputs of an output in esbuild's metafile. */
export function namesOfPackages(inputs) {
  const names = Object.keys(inputs).map(
    (path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1],
  )
  return [...new Set(names.filter(Boolean))].sort()
}

export function folderOf(name) {
  return join(MODULES, name)
}

export function manifestOf(name) {
  return JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8'))
}
