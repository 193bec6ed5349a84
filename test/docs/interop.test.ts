/**
 * Every test that `docs/interop.md` names exists, in that file and with that title.
 */
import { expect, test } from 'vitest'
import { read } from './markdown.ts'
import { hasTitle, rowsOf, testsOf } from './named-tests.ts'

const rows = rowsOf(read('docs/interop.md'), 'what')

test.each(rows)('every test exists: %s', (row) => {
  for (const { file, title } of testsOf(row)) {
    expect(file, row).not.toBe('')
    expect(hasTitle(read(file), title), `${file}: ${title}`).toBe(true)
  }
})
