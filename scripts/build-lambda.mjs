/**
 * Builds the standalone authorizer as one ES module without dependencies, in `dist/lambda-authorizer.zip` or the file that is
 * passed as an argument. The build is reproducible: the same source always results in the same bytes.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { build } from 'esbuild'
import { zipSync } from 'fflate'
import { manifestOf, namesOfPackages } from './inlined-packages.mjs'

const ROOT = resolve(import.meta.dirname, '..')
const [, , target = 'dist/lambda-authorizer.zip'] = process.argv
const ZIP = resolve(ROOT, target)

/** Licences for which a URL in the notice is enough. Others require their whole text. */
const LICENCES = {
  'Apache-2.0': 'https://www.apache.org/licenses/LICENSE-2.0',
  'BlueOak-1.0.0': 'https://blueoakcouncil.org/license/1.0.0',
}

/**
 * What the zip has no use for, because it reads its set-up from variables: functions that find issuers, subscribers, and proofs of
 * possession. The paths as the core imports them.
 */
const REPLACEMENTS = [
  [/^\.\/issuers\/resolved-issuers\.ts$/, 'no-resolver'],
  [/^\.\/outcome\.ts$/, 'no-channels'],
  [/^(?:\.\.?\/)+util\/channels\.ts$/, 'no-channels'],
  [/^\.\/(?:proof\/binding|proof\/binding-settings|demands)\.ts$/, 'no-binding'],
  [/^(?:\.\.\/)+http-request\/event-(?:presented|url)\.ts$/, 'no-binding'],
]

const withReplacements = {
  name: 'with-replacements',
  setup: ({ onResolve }) => {
    for (const [filter, replacement] of REPLACEMENTS) {
      onResolve({ filter }, () => ({
        path: join(ROOT, `src/standalone/${replacement}.ts`),
      }))
    }
  },
}

const code = await bundle()
mkdirSync(dirname(ZIP), { recursive: true })
writeFileSync(ZIP, zip(code))

/** Bundles the module, with a licence notice at the start. */
async function bundle() {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/standalone/handler.ts'],
    outfile: 'index.mjs',
    write: false,
    tsconfig: 'tsconfig.build.json',
    alias: { 'lru-cache': './src/standalone/lru-cache.ts' },
    plugins: [withReplacements],
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
    throw new Error(
      `${name} has the licence ${license}: include its text in the zip, then add it to LICENCES`,
    )
  })
  return `/*! ${lines.join('; ')} */`
}

/** World-readable, as Lambda requires, and with the earliest date of the zip format. */
function zip(text) {
  const unix = 3
  const attrs = 0o100644 << 16
  const file = [Buffer.from(text), { level: 9, mtime: new Date(1980, 0, 1), os: unix, attrs }]
  return zipSync({ 'index.mjs': file })
}
