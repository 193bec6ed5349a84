/**
 * A release needs the address of the repository, so that the links of the README work on npm.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ROOT } from './pack.ts'

const manifest = readFileSync(join(ROOT, 'package.json'), 'utf8')
const policy = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8')

async function check(text: string, security = policy.replaceAll('/OWNER/', '/acme/')) {
  const folder = await mkdtemp(join(tmpdir(), 'jwt-gate-release-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'package.json')
  writeFileSync(path, text)
  const securityPath = join(folder, 'SECURITY.md')
  writeFileSync(securityPath, security)
  const args = ['scripts/check-release.mjs', path, securityPath]
  const { status, stderr } = spawnSync('node', args, { cwd: ROOT })
  return { status, text: String(stderr) }
}

test('is refused while the placeholder is there, by name', async () => {
  const { status, text } = await check(manifest.replaceAll('/acme/', '/OWNER/'))

  expect(status).toBe(1)
  for (const name of ['homepage', 'bugs', 'repository']) expect(text).toContain(`"${name}"`)
})

test('is refused without an address', async () => {
  expect(await check('{}')).toMatchObject({ status: 1 })
})

test('is refused while reports of vulnerabilities would lead nowhere', async () => {
  const { status, text } = await check(
    manifest.replaceAll('/OWNER/', '/acme/'),
    policy.replaceAll('/acme/', '/OWNER/'),
  )

  expect(status).toBe(1)
  expect(text).toContain('SECURITY.md')
})

test('is possible with the address', async () => {
  expect(await check(manifest.replaceAll('/OWNER/', '/acme/'))).toEqual({ status: 0, text: '' })
})

test('is checked when npm publishes', () => {
  expect(JSON.parse(manifest).scripts.prepublishOnly).toBe('node scripts/check-release.mjs')
})
