/**
 * docs/comparison.md, compared with the documentation that it links to, the packages that are run, and the measurements.
 */
import { describe, expect, test } from 'vitest'
import { read, tableOf } from './markdown.ts'

const page = read('docs/comparison.md')
const HEADS = [...page.matchAll(/^\| ([^|]+) \| jwt-gate \|/gm)].map(([, head = '']) => head)
const VERSIONS: Readonly<Record<string, string>> = JSON.parse(
  read('test/comparison/package.json'),
).dependencies

/** The anchor that a heading gets. */
function toAnchor(heading: string): string {
  const text = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '')
  return text.trim().replaceAll(' ', '-')
}

function anchorsOf(document: string): string[] {
  return [...read(document).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => toAnchor(heading))
}

test('there is a table for each group of features', () => {
  expect(HEADS).toHaveLength(8)
})

describe.each(HEADS)('the table of the %s', (head) => {
  const rows = tableOf(page, `${head} |`)

  test('has a cell for each library in every row', () => {
    expect(rows.length).toBeGreaterThan(3)
    for (const row of rows) {
      expect(row, row[0]).toHaveLength(11)
      for (const cell of row) expect(cell, row[0]).not.toBe('')
    }
  })

  test.each(rows)('%s: what jwt-gate has is documented', (_feature, own = '') => {
    if (own === 'no' || own === 'not published') return
    const [, document = '', anchor] = /^\[[^\]]+\]\(([^)#]+)(?:#([^)]+))?\)/.exec(own) ?? []

    const path = document.startsWith('../') ? document.slice(3) : `docs/${document}`
    expect(document, own).not.toBe('')
    if (anchor !== undefined) expect(anchorsOf(path)).toContain(anchor)
  })
})

test('the versions are those that npm run test:comparison runs', () => {
  const rows = tableOf(page, 'library | version | what was read')
  const run = rows.filter(([, , source]) => source?.includes('also run'))

  expect(run).toHaveLength(5)
  for (const [libraries = '', versions = ''] of run) {
    const names = libraries.split(' with ')
    expect(versions.split(' with ')).toEqual(names.map((name) => VERSIONS[name]))
  }
})

test('the figures of speed are those of bench/RESULTS.md', () => {
  const results = read('bench/RESULTS.md')
  const [, section = ''] = page.split('## Speed')
  const figures = section.match(/[\d,]+,\d{3}|\d+\.\d(?= ms)/g) ?? []

  expect(figures.length).toBeGreaterThan(15)
  for (const figure of figures) expect(results, figure).toContain(` ${figure} `)
  expect(section).toContain(results.match(/\d{4}-\d\d-\d\d/)?.[0])
})
