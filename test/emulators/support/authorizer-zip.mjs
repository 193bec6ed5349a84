/**
 * The standalone authorizer as it ships. Requires `npm run build`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { unzipSync } from 'fflate'

export const ZIP = resolve(import.meta.dirname, '../../../dist/lambda-authorizer.zip')

/** Extracts the only file of the zip, and returns its path. */
export function unzipAuthorizer(folder) {
  if (!existsSync(ZIP)) throw new Error('dist/lambda-authorizer.zip is not there: npm run build')
  const [[name, content], ...others] = Object.entries(unzipSync(readFileSync(ZIP)))
  if (name !== 'index.mjs' || others.length > 0) throw new Error('The zip is not index.mjs alone')
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}
