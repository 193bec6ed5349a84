/**
 * The standalone authorizer as it ships. Requires `npm run build`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { unzipSync } from 'fflate'

export const ZIP = resolve(import.meta.dirname, '../../../dist/lambda-authorizer.zip')

/** Extracts the zip, and returns the path of its entry. */
export function unzipAuthorizer(folder) {
  if (!existsSync(ZIP)) throw new Error('dist/lambda-authorizer.zip is not there: npm run build')
  for (const [name, content] of Object.entries(unzipSync(readFileSync(ZIP)))) {
    writeFileSync(join(folder, name), content)
  }
  return join(folder, 'index.mjs')
}
