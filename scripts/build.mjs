/**
 * Builds the npm package. `dist/` contains ES modules and declarations, one file for each file in `src`. `dist/cjs/` contains the
 * same tree as CommonJS, with npm packages inlined: jose is an ES module, which `require()` cannot load on AWS Lambda.
 * `slim/index.js` is one file in both. `dist/lambda-authorizer.zip` is the standalone authorizer.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { build } from 'esbuild'
import { folderOf, namesOfPackages } from './inlined-packages.mjs'
import { LRU_CACHE, leaveOut } from './slim.mjs'

const ROOT = resolve(import.meta.dirname, '..')
const SRC = join(ROOT, 'src')
const DIST = join(ROOT, 'dist')
const CJS = join(DIST, 'cjs')

/** Keeps imports between files of `src`, so that a class such as `TokenError` exists only once. */
const keepTree = {
  name: 'keep-tree',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, importer }) => {
      if (!importer.startsWith(SRC + sep)) return undefined
      return { path: path.replace(/\.ts$/, '.js'), external: true, sideEffects: false }
    })
  },
}

rmSync(DIST, { recursive: true, force: true })
buildModules()
copyDeclarations()
await buildCommonJs()
await buildSlim()
await import('./build-lambda.mjs')

/** Builds the ES modules and the declarations. tsc prints its own errors. */
function buildModules() {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
  const args = [tsc, '--project', 'tsconfig.build.json']
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' })
  if (status === 0) return
  console.error('The build failed: see the errors of tsc above')
  process.exit(1)
}

/** Copies the declarations, which are valid for both formats: next to CommonJS files, TypeScript reads them as CommonJS. */
function copyDeclarations() {
  const declarations = readdirSync(DIST, { recursive: true }).filter(
    (name) => name.endsWith('.d.ts') && !name.startsWith(`cli${sep}`),
  )
  for (const name of declarations) cpSync(join(DIST, name), join(CJS, name))
}

async function buildCommonJs() {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: listSources(),
    outbase: SRC,
    outdir: CJS,
    tsconfig: 'tsconfig.build.json',
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    // Jest and others run CommonJS in a context where `import()` fails: this becomes `require()`
    supported: { 'dynamic-import': false },
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    plugins: [keepTree],
  })
  writeFileSync(join(CJS, 'package.json'), '{ "type": "commonjs" }\n')
  writeFileSync(join(CJS, 'THIRD-PARTY-LICENSES.txt'), toLicenses(inlinedPackages(metafile)))
}

/** Builds `jwt-gate/slim`: one file, because it contains other modules than the rest of the package. */
async function buildSlim() {
  for (const [format, folder] of Object.entries({ esm: DIST, cjs: CJS })) {
    await build({
      absWorkingDir: ROOT,
      entryPoints: ['src/slim/index.ts'],
      outfile: join(folder, 'slim/index.js'),
      allowOverwrite: true,
      tsconfig: 'tsconfig.build.json',
      bundle: true,
      format,
      platform: 'node',
      target: 'node20',
      charset: 'utf8',
      legalComments: 'none',
      logLevel: 'warning',
      alias: LRU_CACHE,
      plugins: [leaveOut()],
    })
  }
}

/**
 * All source files that become a file of CommonJS. The standalone authorizer is only in the zip, nobody can require the command, and
 * `slim` is built on its own.
 */
function listSources() {
  const others = ['standalone', 'cli', 'slim']
  return readdirSync(SRC, { recursive: true })
    .filter((name) => name.endsWith('.ts') && !others.includes(name.split(sep)[0]))
    .map((name) => join(SRC, name))
}

/** The inlined npm packages. Each must be in only one file, otherwise its state and its classes would exist twice. */
function inlinedPackages({ outputs }) {
  const files = new Map()
  for (const [file, { inputs }] of Object.entries(outputs)) {
    for (const name of namesOfPackages(inputs)) {
      if (files.has(name)) throw new Error(`${name} is inlined in ${files.get(name)} and ${file}`)
      files.set(name, file)
    }
  }
  return [...files.keys()].sort()
}

function toLicenses(packages) {
  return packages
    .map((name) => {
      const folder = folderOf(name)
      const licence = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file))
      return `${name}\n\n${readFileSync(join(folder, licence), 'utf8').trim()}\n`
    })
    .join(`\n${'-'.repeat(80)}\n\n`)
}
