/**
 * docs/sizes.md, compared with the bundles that users get.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ROOT, runNode } from './pack.ts'

const folder = await mkdtemp(join(tmpdir(), 'jwt-gate-sizes-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
const page = await readFile(join(ROOT, 'docs/sizes.md'), 'utf8')

/** The row of everything of an entry point, with other cells. */
function replaceRow(text: string, entry: string, cells: string): string {
  const row = new RegExp(`^\\| everything of \`${entry}\` \\|.*\n`, 'm')
  expect(text).toMatch(row)
  return text.replace(row, cells)
}

test('every bundle is below its ceiling, and has the size that docs/sizes.md says', async () => {
  expect(await runNode(ROOT, ['scripts/sizes.mjs'])).toEqual({
    status: 0,
    output: expect.stringMatching(/^All \d+ bundles/),
  })
})

test('a low ceiling, a wrong figure, and rows too few or too many are detected', async () => {
  const cells = (entry: string) => page.match(`everything of \`${entry}\` (\\|.*)\n`)?.[1] ?? ''
  const low = cells('jwt-gate/fetch').replace(/[\d,]+ \|$/, '10 |')
  const off = cells('jwt-gate/stores').replace(/[\d,]+/, '30')
  let wrong = replaceRow(page, 'jwt-gate/fetch', `| everything of \`jwt-gate/fetch\` ${low}\n`)
  wrong = replaceRow(wrong, 'jwt-gate/stores', `| everything of \`jwt-gate/stores\` ${off}\n`)
  wrong = replaceRow(wrong, 'jwt-gate/testing', '| everything of `jwt-gate/gone` | 1 | 1 | 1 |\n')
  await writeFile(join(folder, 'sizes.md'), wrong)

  const { status, output } = await runNode(ROOT, ['scripts/sizes.mjs', join(folder, 'sizes.md')])

  expect(status).toBe(1)
  expect(output.trim().split('\n')).toEqual([
    expect.stringMatching(/^everything of `jwt-gate\/fetch`: \d+ bytes gzipped, over its ceiling/),
    expect.stringMatching(/^everything of `jwt-gate\/stores`: \d+ and \d+ bytes now/),
    expect.stringMatching(/^everything of `jwt-gate\/testing`: no row/),
    expect.stringMatching(/^everything of `jwt-gate\/gone`: a row of nothing/),
  ])
})
