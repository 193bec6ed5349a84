/**
 * The zip that is uploaded.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { unzipSync } from 'fflate'
import { createTestIssuer } from 'jwt-gate/testing'
import { afterAll, expect, test } from 'vitest'
import { externalImports } from '../package/imports.ts'
import { ISSUER } from '../standalone/environments.ts'
import { buildZip } from './deploy.ts'

type File = 'index.mjs' | 'slim.mjs' | 'whole.mjs'
const CEILINGS: Record<File, number> = {
  'index.mjs': 600,
  'slim.mjs': 98_500,
  'whole.mjs': 143_000,
}
const issuer = await createTestIssuer()
const folder = await mkdtemp(join(tmpdir(), 'jwt-gate-zip-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
const zip = await readFile(await buildZip(folder))
const files = unzipSync(zip)
const textOf = (name: string): string => Buffer.from(files[name] ?? []).toString('utf8')

test('has three files, each of at most so many bytes', () => {
  const sizes = Object.entries(files).map(([name, bytes]) => [name, bytes.length])

  expect(sizes.map(([name]) => name)).toEqual(Object.keys(CEILINGS))
  for (const [name, bytes] of sizes) expect(bytes).toBeLessThanOrEqual(CEILINGS[name as File])
  expect(files['slim.mjs']?.length).toBeGreaterThan(10_000)
})

test('imports only modules of Node, and one build', async () => {
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes)

  const imports = await externalImports(folder, ['slim.mjs', 'whole.mjs'])

  expect(imports).toContain('node:crypto')
  expect(imports.filter((path) => !path.startsWith('node:'))).toEqual([])
  expect(await externalImports(folder, ['index.mjs'])).toEqual([])
})

test('exports only a handler, which takes no callback', async () => {
  const entry = join(folder, 'index.mjs')
  const code = `import(${JSON.stringify(entry)}).then((all) => console.log(Object.keys(all), all.handler.length))`
  const env = { ...ISSUER, JWT_GATE_JWKS: JSON.stringify(issuer.jwks) } as Record<string, string>

  const { stdout } = await promisify(execFile)(process.execPath, ['-e', code], { env })

  expect(stdout).toBe("[ 'handler' ] 1\n")
})

test.each(['slim.mjs', 'whole.mjs'])('%s names its license in its first line', (name) => {
  expect(textOf(name)).toMatch(/^\/\*! jwt-gate [\d.]+: Apache-2\.0, https:\/\/\S+ \*\/\n/)
})

test('is identical in every byte whenever and wherever it is built', async () => {
  const again = await readFile(await buildZip(folder, { TZ: 'Pacific/Auckland' }))

  expect(again.equals(zip)).toBe(true)
})

test('extracts to files that everybody may read, as Lambda requires', () => {
  // APPNOTE.TXT s4.3.12: a header of the central directory, its "version made by" and its external attributes
  const unix = 3
  const [, ...headers] = zip
    .toString('latin1')
    .split('PK\x01\x02')
    .map((text) => Buffer.from(text, 'latin1'))

  expect(headers).toHaveLength(3)
  for (const header of headers) {
    expect(header[1]).toBe(unix)
    expect(header.readUInt16LE(36)).toBe(0o100644)
  }
})
