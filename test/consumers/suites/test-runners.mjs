/**
 * A user's API under test, with each test runner.
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { buildSync } from 'esbuild'
import { findNode } from '../support/node-versions.mjs'
import { run } from '../support/run.mjs'
import { createProject, pathOf } from '../support/workspace.mjs'

const folder = createProject('tested-api', 'tested-api', [
  ...['express', 'jest', 'ts-jest', 'vitest', '@jest/globals'],
  ...['@types/node', '@types/express', '@types/aws-lambda'],
])
const SOURCES = ['api.ts', 'api.test.ts', 'node.test.ts'].map((name) => join(folder, name))
for (const [format, type] of [
  ['esm', 'module'],
  ['cjs', 'commonjs'],
]) {
  buildSync({ entryPoints: SOURCES, outdir: join(folder, format), format })
  writeFileSync(join(folder, format, 'package.json'), JSON.stringify({ type }))
}

const JEST = pathOf('jest/bin/jest.js')
// keys take seconds on a busy machine
const TIMEOUT = 120_000
const PASSED = /Tests: {7}6 passed, 6 total/
// its console is not of the realm of the tests
const PRINTED = / KeysError: The keys of the issuer cannot be fetched.+ \[cause\]: TypeError: /s

function runJest(where, options, nodeOptions = '') {
  const config = JSON.stringify({ testTimeout: TIMEOUT, ...options })
  const args = [JEST, '--ci', '--runInBand', '--rootDir', where, '--config', config]
  return run(process.execPath, args, where, { NODE_OPTIONS: nodeOptions })
}

describe('test runners', { concurrency: 2 }, () => {
  test('Jest', async () => {
    const config = { testMatch: ['**/api.test.js'] }
    const output = await runJest(join(folder, 'cjs'), config)
    assert.match(output, PASSED)
    assert.match(output, PRINTED)
  })

  test('Jest, as ES modules', async () => {
    const config = { testMatch: ['**/api.test.js'], transform: {} }
    const output = await runJest(join(folder, 'esm'), config, '--experimental-vm-modules')
    assert.match(output, PASSED)
  })

  test('Jest with ts-jest', async () => {
    const tsconfig = {
      strict: true,
      module: 'commonjs',
      target: 'es2022',
      types: ['node'],
      esModuleInterop: true,
    }
    const config = {
      testMatch: ['<rootDir>/api.test.ts'],
      moduleNameMapper: { '^(\\./.*)\\.js$': '$1' },
      modulePathIgnorePatterns: ['<rootDir>/(cjs|esm)/'],
      transform: { '\\.ts$': ['ts-jest', { tsconfig }] },
    }
    assert.match(await runJest(folder, config), PASSED)
  })

  test('Vitest', async () => {
    const config = {
      resolve: { alias: { '@jest/globals': 'vitest' } },
      test: { include: ['api.test.ts'], testTimeout: TIMEOUT, hookTimeout: TIMEOUT },
    }
    writeFileSync(join(folder, 'vitest.config.mjs'), `export default ${JSON.stringify(config)}\n`)
    // this version of Vitest does not run on Node 20
    const node = await findNode('22.23.3')
    const output = await run(node, [pathOf('vitest/vitest.mjs'), 'run'], folder)
    assert.match(output, /Tests {2}6 passed \(6\)/)
  })

  test('node:test', async () => {
    const args = ['--test', '--test-reporter=tap', 'node.test.js']
    const output = await run(process.execPath, args, join(folder, 'esm'))
    assert.match(output, /# pass 4\n# fail 0/)
  })
})
