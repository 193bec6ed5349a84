/**
 * The authorizers as they would be deployed: each as one minified file, or the zip as it is released.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { unzipSync } from 'fflate'
import { MINIFIED } from '../../scripts/minified.mjs'
import { DIST } from '../measure/library.mjs'

const BUILD_ZIP = fileURLToPath(new URL('../../scripts/build-lambda.mjs', import.meta.url))

/** Bundles an authorizer with its configuration. Returns the file and its size. */
export async function bundleAuthorizer(folder, setup, name) {
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
      'jwt-gate/slim': `${DIST}/slim/index.js`,
    },
  })
  return { file: outfile, ...sizesOf([readFileSync(outfile)]) }
}

/** The zip, set up by its variables. Of its files, only those count that it loads. */
export function unpackZip(folder, { userPoolId, clientId, jwks, jwksUri }) {
  const file = join(folder, 'authorizer.zip')
  execFileSync(process.execPath, [BUILD_ZIP, file], { stdio: 'inherit' })
  const files = unzipSync(readFileSync(file))
  for (const [name, code] of Object.entries(files)) writeFileSync(join(folder, name), code)
  const env = {
    JWT_GATE_USER_POOL_ID: userPoolId,
    JWT_GATE_CLIENT_ID: clientId,
    JWT_GATE_TOKEN_USE: 'access',
    JWT_GATE_RESPONSE: 'simple',
    ...(jwks ? { JWT_GATE_JWKS: JSON.stringify(jwks) } : { JWT_GATE_JWKS_URI: jwksUri }),
  }
  const loaded = [files['index.mjs'], files['slim.mjs']]
  return { file: join(folder, 'index.mjs'), env, ...sizesOf(loaded) }
}

function sizesOf(files) {
  const sum = (sizes) => sizes.reduce((total, size) => total + size, 0)
  return {
    bytes: sum(files.map((code) => code.length)),
    gzipped: sum(files.map((code) => gzipSync(code, { level: 9 }).length)),
  }
}
