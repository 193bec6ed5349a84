/**
 * Builds the standalone authorizer as ES modules without dependencies, in `dist/lambda-authorizer.zip` or the file that is passed as
 * an argument. `index.mjs` loads one of two builds. The build is reproducible: the same source always results in the same bytes.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { build } from 'esbuild'
import { zipSync } from 'fflate'
import { manifestOf, namesOfPackages } from './inlined-packages.mjs'
import { MINIFIED } from './minified.mjs'
import { LRU_CACHE, leaveOut } from './slim.mjs'

const ROOT = resolve(import.meta.dirname, '..')
const [, , target = 'dist/lambda-authorizer.zip'] = process.argv
const ZIP = resolve(ROOT, target)

/** Licences for which a URL in the notice is enough. Others require their whole text. */
const LICENCES = {
  'Apache-2.0': 'https://www.apache.org/licenses/LICENSE-2.0',
  'BlueOak-1.0.0': 'https://blueoakcouncil.org/license/1.0.0',
}

const start = 'src/standalone/start.ts'
const files = {
  'index.mjs': await bundle('src/standalone/handler.ts', []),
  'slim.mjs': await bundle(start, [leaveOut()]),
  // variables contain no functions, and nobody else has code in that process to subscribe
  'whole.mjs': await bundle(start, [leaveOut(new Set(['channels', 'names', 'resolver']))]),
}
mkdirSync(dirname(ZIP), { recursive: true })
writeFileSync(ZIP, zip(files))

/** Bundles the module, with a licence notice at the start. */
async function bundle(entry, plugins) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile: 'index.mjs',
    write: false,
    tsconfig: 'tsconfig.build.json',
    alias: LRU_CACHE,
    plugins,
    ...MINIFIED,
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
function zip(texts) {
  const unix = 3
  const options = { level: 9, mtime: new Date(1980, 0, 1), os: unix, attrs: 0o100644 << 16 }
  const entries = Object.entries(texts).map(([name, text]) => [name, [Buffer.from(text), options]])
  return zipSync(Object.fromEntries(entries))
}
