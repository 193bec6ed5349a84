/**
 * Every test that `docs/conformance.md` names exists, in that file and with that title.
 */
import { expect, test } from 'vitest'
import { read } from './markdown.ts'
import { hasTitle, rowsOf, testsOf } from './named-tests.ts'

const page = read('docs/conformance.md')
const rows = rowsOf(page, 'section')

test.each(rows)('every test exists: %s', (row) => {
  for (const { file, title } of testsOf(row)) {
    expect(file, row).not.toBe('')
    expect(hasTitle(read(file), title), `${file}: ${title}`).toBe(true)
  }
})

test('every specification of the contract has a section', () => {
  const parts = page.match(/^## .*/gm)?.join('\n') ?? ''

  for (const rfc of [
    '7515',
    '7517',
    '7518',
    '7519',
    '8725',
    '9068',
    '6750',
    '9449',
    '9700',
    '9728',
  ]) {
    expect(parts).toContain(rfc)
  }
  expect(rows.length).toBeGreaterThan(60)
})

test('a title that is not there would be found', () => {
  const source = read('test/docs/conformance.test.ts')

  expect(hasTitle(source, 'a title that is not there would be found')).toBe(true)
  expect(hasTitle(source, 'a title that is not'.concat(' anywhere'))).toBe(false)
})
