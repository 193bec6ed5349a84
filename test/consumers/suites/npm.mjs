/**
 * What npm does with the package: an install, the command, the versions of Express beside it, and a release.
 */
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { run, runNpm } from '../support/run.mjs'
import { manifest, tarball, WORKSPACE } from '../support/workspace.mjs'

const installed = join(WORKSPACE, 'installed')

describe('npm', { concurrency: 2 }, () => {
  test('installs the package, its two dependencies, and nothing else', () => {
    const names = readdirSync(join(installed, 'node_modules')).filter((name) => name[0] !== '.')
    assert.deepEqual(names, ['jose', 'jwt-gate', 'lru-cache'])
  })

  test('installs the command', async () => {
    const printed = await runNpm(['exec', '--offline', '--', 'jwt-gate', '--version'], installed)
    assert.equal(printed, `${manifest.version}\n`)
  })

  for (const [express, types] of [
    ['4.18.0', '4.17.0'],
    ['5.3.0', '5.0.6'],
  ]) {
    test(`finds no conflict beside Express ${express}`, async () => {
      const folder = join(WORKSPACE, `peers-${express}`)
      mkdirSync(folder)
      writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
      const peers = [`express@${express}`, `@types/express@${types}`]
      await runNpm(
        ['install', '--package-lock-only', '--strict-peer-deps', tarball, ...peers],
        folder,
      )
    })
  }

  test('has nothing to correct when it publishes', async () => {
    const printed = await run(
      'npm',
      ['publish', '--dry-run', '--loglevel=warn', tarball],
      installed,
    )
    const warnings = printed.split('\n').filter((line) => line.startsWith('npm warn'))
    const own = warnings.filter((line) => !line.includes('requires you to be logged in'))
    assert.deepEqual(own, [])
    assert.ok(printed.includes(`+ jwt-gate@${manifest.version}`))
  })
})
