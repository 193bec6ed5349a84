/**
 * The authorizers as they would be deployed: each as one minified file.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { MINIFIED } from '../../scripts/minified.mjs'
import { DIST } from '../measure/library.mjs'

/** Bundles an authorizer with its configuration. Returns the file and its size. */
export async function bundleAuthorizer(folder, name, setup) {
  const setupFile = join(folder, 'setup.json')
  writeFileSync(setupFile, JSON.stringify(setup))
  const outfile = join(folder, `${name}.mjs`)
  await build({
    entryPoints: [fileURLToPath(new URL(`authorizers/${name}.mjs`, import.meta.url))],
    outfile,
    ...MINIFIED,
    logLevel: 'error',
    alias: {
      'bench-setup': setupFile,
      'jwt-gate': `${DIST}/verify/index.js`,
      'jwt-gate/lambda-authorizer': `${DIST}/lambda-authorizer/index.js`,
    },
  })
  const code = readFileSync(outfile)
  return { file: outfile, bytes: code.length, gzipped: gzipSync(code, { level: 9 }).length }
}
