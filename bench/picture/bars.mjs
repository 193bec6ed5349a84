/**
 * One figure of several libraries, as horizontal bars.
 */
import { PANEL_WIDTH, rect, text, toLabel } from './svg.mjs'

const TOP = 44
const ROW = 22
const BAR = 14
const LABELS = 182
const VALUES = 62

/** Its height depends on the number of its rows. */
export function heightOfBars({ rows }) {
  return TOP + rows.length * ROW
}

export function drawBars({ title, unit, rows }) {
  const greatest = Math.max(...rows.map(([, value]) => value))
  return [
    text(0, 14, title, { kind: 'title' }),
    text(0, 31, unit, { kind: 'note' }),
    ...rows.flatMap(([label, value], at) => {
      const y = TOP + at * ROW
      const width = (value / greatest) * (PANEL_WIDTH - LABELS - VALUES)
      return [
        text(LABELS - 8, y + 11, label, { anchor: 'end' }),
        rect(LABELS, y, Math.max(1, width), BAR, label.startsWith('jwt-gate') ? 'ours' : 'peer'),
        text(LABELS + Math.max(1, width) + 6, y + 11, toLabel(value), { kind: 'tick' }),
      ]
    }),
  ]
}
