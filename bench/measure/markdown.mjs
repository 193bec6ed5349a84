/**
 * Figures as Markdown.
 */

/** A table; all columns but the first are numbers. */
export function toTable(header, rows) {
  const ruler = header.map((_, at) => (at === 0 ? '---' : '--:'))
  return `${[header, ruler, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`
}

export function toCount(value) {
  return Math.round(value).toLocaleString('en-US')
}

export function toFixed(value, digits = 2) {
  return value.toFixed(digits)
}

/** The median, followed by the minimum and the maximum of all rounds. */
export function toSpread({ median, min, max }, digits = 2) {
  return `${toFixed(median, digits)} (${toFixed(min, digits)}–${toFixed(max, digits)})`
}

/** One bar: its requirement, the figure, and whether it is met. */
export function toBar(bar, figure, isMet) {
  return { bar, figure, isMet }
}

export function toBarTable(bars) {
  const rows = bars.map(({ bar, figure, isMet }) => [bar, figure, isMet ? 'met' : '**not met**'])
  return toTable(['bar', 'figure', ''], rows)
}
