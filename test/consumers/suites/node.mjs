/**
 * Every entry of the package does its work in each version of Node, as both kinds of module.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { EXPECTED } from '../projects/entries/expected.mjs'
import { findNode, NODE_VERSIONS } from '../support/node-versions.mjs'
import { run } from '../support/run.mjs'
import { changeManifest, createProject, manifest } from '../support/workspace.mjs'

const project = createProject('entries', 'entries', ['express'])
const broken = createProject('broken-entries', 'entries', ['express'])
const entries = Object.keys(manifest.exports)

/** Lambda sets it: `require()` of an ES module fails there. */
const LIKE_LAMBDA = '--no-experimental-require-module'

test('every entry is used', () => {
  assert.deepEqual(entries.toSorted(), Object.keys(EXPECTED).toSorted())
})

function useEntries(node, folder, script, nodeOptions = '') {
  return run(node, [script, ...entries], folder, { NODE_OPTIONS: nodeOptions })
}

describe('Node', { concurrency: 2 }, () => {
  for (const version of NODE_VERSIONS) {
    for (const [kind, script, options] of [
      ['imports every entry', 'import.mjs', ''],
      ['requires every entry', 'require.cjs', ''],
      ['requires every entry as on Lambda', 'require.cjs', LIKE_LAMBDA],
    ]) {
      test(`${version} ${kind}`, async () => {
        const output = await useEntries(await findNode(version), project, script, options)
        assert.deepEqual(JSON.parse(output), EXPECTED)
      })
    }
  }

  test('a package without CommonJS is detected', async () => {
    changeManifest(broken, (text) => text.replaceAll('./dist/cjs/', './dist/'))
    await assert.rejects(
      useEntries(process.execPath, broken, 'require.cjs', LIKE_LAMBDA),
      /ERR_REQUIRE_ESM/,
    )
  })
})
