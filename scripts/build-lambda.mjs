/**
 * Builds the standalone authorizer, `dist/lambda-authorizer.zip` or the file that is named: one ES module with everything
 * in it. The same source always makes the same bytes.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { build } from 'esbuild'
import { zipSync } from 'fflate'
import { manifestOf, namesOfPackages } from './inlined-packages.mjs'

const ROOT = resolve(import.meta.dirname, '..')
const [, , target = 'dist/lambda-authorizer.zip'] = process.argv
const ZIP = resolve(ROOT, target)

/** These ask for their address to be handed on, where others ask for their whole text. */
const LICENCES = {
  'Apache-2.0': 'https://www.apache.org/licenses/LICENSE-2.0',
  'BlueOak-1.0.0': 'https://blueoakcouncil.org/license/1.0.0',
}

/** Issuers are listed in variables there, so what finds them by a function is left out. */
const withoutResolver = {
  name: 'without-resolver',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/resolved-issuers\.ts$/ }, () => ({
      path: join(ROOT, 'src/standalone/no-resolver.ts'),
    })),
}

const code = await bundle()
mkdirSync(dirname(ZIP), { recursive: true })
writeFileSync(ZIP, zip(code))

/** The module, with its notice in front. */
async function bundle() {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/standalone/handler.ts'],
    outfile: 'index.mjs',
    write: false,
    tsconfig: 'tsconfig.build.json',
    alias: { 'lru-cache': './src/standalone/lru-cache.ts' },
    plugins: [withoutResolver],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  })
  const [{ inputs }] = Object.values(metafile.outputs)
  return `${toNotice(namesOfPackages(inputs))}\n${outputFiles[0].text}`
}

function toNotice(packages) {
  const own = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const lines = [own, ...packages.map(manifestOf)].map(({ name, version, license }) => {
    if (LICENCES[license]) return `${name} ${version}: ${license}, ${LICENCES[license]}`
    throw new Error(`${name} has the licence ${license}: hand its text on, and say so here`)
  })
  return `/*! ${lines.join('; ')} */`
}

/** Readable for all, as Lambda needs it, and dated on the first day that a zip can have. */
function zip(text) {
  const unix = 3
  const attrs = 0o100644 << 16
  const file = [Buffer.from(text), { level: 9, mtime: new Date(1980, 0, 1), os: unix, attrs }]
  return zipSync({ 'index.mjs': file })
}
