/**
 * What the picture shows, in words.
 */
import { toLabel } from './svg.mjs'

/** One sentence for each group of bars: our figure, and that of the best of the others. */
export function toAbout({ date, node, parts }) {
  const bars = Object.values(parts).flatMap((part) => part.bars ?? [])
  return [`Measured on ${date} with Node ${node}.`, ...bars.map(toSentence)].join(' ')
}

function toSentence({ title, unit, rows }) {
  const figures = rows.map(([label, value]) => `${label} ${toLabel(value)}`)
  return `${title}, ${unit}: ${figures.join(', ')}.`
}
