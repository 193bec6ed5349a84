/**
 * What every document must satisfy: links lead somewhere, and code compiles.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { blocksOf, listDocuments, read } from './markdown.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
// inside the project, so that its packages can be resolved
const folder = `${root}test/docs/.blocks`

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function compile(sources: Readonly<Record<string, string>>): string {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const config = { extends: '../../../tsconfig.json', include: ['*.ts'], exclude: [] }
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(config))
  for (const [name, text] of Object.entries(sources)) writeFileSync(`${folder}/${name}`, text)
  const tsc = `${root}node_modules/typescript/bin/tsc`
  return spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' }).stdout
}

test.each(listDocuments())('the links of %s lead to existing files', (document) => {
  const links = [...read(document).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, to = '']) => to)

  for (const link of links) {
    expect(existsSync(`${root}${dirname(document)}/${link}`), link).toBe(true)
  }
})

test.each(listDocuments())('%s has no marks of a merge', (document) => {
  expect(read(document)).not.toMatch(/^(?:<{7}|={7}|>{7})(?: |$)/m)
})

test('every TypeScript block compiles', () => {
  const all = listDocuments().flatMap((document) => blocksOf(read(document), 'ts'))
  // a file of a guide may need other packages: test/guides compiles it
  const isOfGuide = /^(?!examples\/)[\w./[\]-]+\.ts$/
  const blocks = all.filter(({ comment = '' }) => !isOfGuide.test(comment))
  const sources = blocks.map(({ text }, at) => [`block-${at}.ts`, `${text}\nexport {}\n`])

  const errors = compile(Object.fromEntries(sources))

  expect(blocks.length).toBeGreaterThan(5)
  expect(errors).toBe('')
}, 60_000)

test('a block that does not compile is detected', () => {
  const errors = compile({ 'bad.ts': "import { nothing } from 'jwt-gate'\nnothing()\n" })

  expect(errors).toContain('TS2305')
}, 60_000)
