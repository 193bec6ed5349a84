/**
 * The tests that a row of a table names in its last cell.
 */
/** The tests of a row: a link to the file, followed by the title. */
export function testsOf(row: string): { file: string; title: string }[] {
  const cell = row.split('|').at(-2)?.trim() ?? ''
  return cell.split('<br>').map((entry) => {
    const [, file = '', title = ''] = /^\[[^\]]+\]\(\.\.\/(test\/[^)]+)\): (.+)$/.exec(entry) ?? []
    return { file, title }
  })
}

/** A title as it is in the source, in any quotes. */
export function hasTitle(source: string, title: string): boolean {
  return ["'", '"', '`'].some((quote) =>
    source.includes(quote + title.replaceAll(quote, `\\${quote}`) + quote),
  )
}

/** The rows of a page's tables, without their heads. */
export function rowsOf(page: string, firstHead: string): string[] {
  const head = new RegExp(`^\\| (?!${firstHead} |---)`)
  return page.split('\n').filter((line) => head.test(line))
}
