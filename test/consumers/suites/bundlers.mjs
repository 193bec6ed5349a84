/**
 * An authorizer in one file, made by each bundler, returns what the unbundled one returns. What is imported and not used is not in it.
 */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, test } from 'node:test'
import { BUNDLERS } from '../support/bundlers.mjs'
import { run } from '../support/run.mjs'
import { changeManifest, createProject, WORKSPACE } from '../support/workspace.mjs'

const project = createProject('authorizer', 'authorizer')
const broken = createProject('broken-authorizer', 'authorizer')
// outside of the project, where no file finds a package
const output = join(WORKSPACE, 'bundles')
mkdirSync(output)

/** What `unused.mjs` imports. */
const NAMES = ['createVerifier', 'requireJwt', 'createAuthorizer', 'createTestIssuer']
const BUNDLES = [
  { source: 'authorizer.mjs', format: 'esm', extension: 'mjs' },
  { source: 'authorizer.mjs', format: 'cjs', extension: 'cjs' },
  { source: 'slim.mjs', format: 'esm', extension: 'mjs' },
  { source: 'authorizer.cjs', format: 'cjs', extension: 'cjs' },
]

const UNUSED = { source: 'unused.mjs', format: 'esm', extension: 'mjs' }

async function bundle(name, { source, format, extension }, folder = project) {
  const outfile = join(output, `${name}-from-${source}-of-${basename(folder)}.${extension}`)
  const warnings = await BUNDLERS[name]({ entry: join(folder, source), outfile, format })
  assert.deepEqual(warnings, [])
  return outfile
}

/** The functions that a bundle which is not minified contains. */
function functionsIn(file) {
  const text = readFileSync(file, 'utf8')
  return NAMES.filter((name) => new RegExp(`^(async )?function ${name}\\b`, 'm').test(text))
}

describe('bundlers', { concurrency: 2 }, () => {
  for (const name of Object.keys(BUNDLERS)) {
    for (const one of BUNDLES) {
      // rollup reads CommonJS only with another plugin
      if (name === 'rollup' && one.source.endsWith('.cjs')) continue
      test(`${name}: ${one.source} as ${one.extension}`, async () => {
        const args = ['compare.mjs', join(project, one.source), await bundle(name, one)]
        const printed = await run(process.execPath, args, project)
        const { bundled, unbundled } = JSON.parse(printed)

        assert.deepEqual(bundled, unbundled)
        const subjects = unbundled.map((result) => result.context?.sub ?? result)
        assert.deepEqual(subjects, ['alice', 'bob', 'Unauthorized', 'Unauthorized'])
      })
    }

    test(`${name}: what is not used is not in the bundle`, async () => {
      assert.deepEqual(functionsIn(await bundle(name, UNUSED)), ['createVerifier'])
    })
  }

  test('a package whose modules might have side effects is detected', async () => {
    changeManifest(broken, (text) => text.replace('"sideEffects": false', '"sideEffects": true'))
    assert.deepEqual(functionsIn(await bundle('webpack', UNUSED, broken)), NAMES)
  })
})
