/**
 * The tables of docs/sizes.md: rows by the text of their first cell.
 */

/** The rows of the table whose first header cell is this. Each row is the list of its cells. */
export function readTable(page, header) {
  const rows = locate(page, header).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  return new Map(rows.map(([title, ...cells]) => [title, cells]))
}

export function replaceTable(page, header, rows) {
  const before = locate(page, header)
  const lines = rows.map((cells) => `| ${cells.join(' | ')} |`)
  return page.replace(before.join('\n'), () => lines.join('\n'))
}

export function toNumber(cell) {
  return Number(cell.replaceAll(',', ''))
}

export function toCell(number) {
  return number.toLocaleString('en-US')
}

function locate(page, header) {
  const lines = page.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${header} |`)) + 2
  if (start < 2) throw new Error(`No table begins with ${header}`)
  return lines.slice(
    start,
    lines.findIndex((line, at) => at >= start && !line.startsWith('|')),
  )
}
