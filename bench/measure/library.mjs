/**
 * The library as it ships: the files of `dist/`, never the source. `BENCH_DIST` names another build, to compare two.
 */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

export const DIST = resolve(process.env.BENCH_DIST ?? `${import.meta.dirname}/../../dist`)

/** Imports one of its entries: `verify`, `express`, `lambda-authorizer`, `testing`. */
export function importLibrary(entry) {
  return import(pathToFileURL(`${DIST}/${entry}/index.js`).href)
}
