/**
 * Finds the npm packages that esbuild has inlined, because their licences must be distributed with the code.
 */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const MODULES = resolve(import.meta.dirname, '../node_modules')

/** The names of inlined packages. @param inputs - the inputs of an output in esbuild's metafile */
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
