/**
 * The zip that is uploaded.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, expect, test } from 'vitest'
import { externalImports } from '../package/imports.ts'
import { buildZip } from './deploy.ts'

const folder = await mkdtemp(join(tmpdir(), 'jwt-gate-zip-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
const zip = await readFile(await buildZip(folder))
const files = unzipSync(zip)
const code = Buffer.from(files['index.mjs'] ?? []).toString('utf8')

test('has one file, of at most 107.5 KB', () => {
  expect(Object.keys(files)).toEqual(['index.mjs'])
  expect(code.length).toBeGreaterThan(10_000)
  expect(code.length).toBeLessThanOrEqual(107_500)
})

test('imports only modules of Node', async () => {
  await writeFile(join(folder, 'index.mjs'), code)

  const imports = await externalImports(folder, ['index.mjs'])

  expect(imports).toContain('node:crypto')
  expect(imports.filter((path) => !path.startsWith('node:'))).toEqual([])
})

test('names its license in its first line', () => {
  expect(code).toMatch(/^\/\*! jwt-gate [\d.]+: Apache-2\.0, https:\/\/\S+ \*\/\n/)
})

test('is identical in every byte whenever and wherever it is built', async () => {
  const again = await readFile(await buildZip(folder, { TZ: 'Pacific/Auckland' }))

  expect(again.equals(zip)).toBe(true)
})

test('extracts to a file that everybody may read, as Lambda requires', () => {
  // APPNOTE.TXT s4.3.12: a header of the central directory, its "version made by" and its external attributes
  const header = zip.subarray(zip.indexOf('PK\x01\x02'))
  const unix = 3

  expect(header[5]).toBe(unix)
  expect(header.readUInt16LE(40)).toBe(0o100644)
})
