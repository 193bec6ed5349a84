/**
 * The replacement for lru-cache in slim builds, as the compiler sees it.
 */
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')

test('the core uses only the part of lru-cache that the replacement has', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'jwt-gate-lru-cache-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const config = {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: {
      paths: { 'lru-cache': [join(ROOT, 'src/slim/without/lru-cache.ts')] },
      typeRoots: [join(ROOT, 'node_modules/@types')],
    },
    include: [join(ROOT, 'src/verify')],
    exclude: [],
  }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))

  const tsc = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' })

  expect(tsc).toMatchObject({ status: 0, stdout: '' })
})
