/**
 * The figures that the picture shows, from the rounds of a part.
 */
import { spreadOf } from '../measure/statistics.mjs'

/**
 * @param labels - what each contender is called in the picture, ours first
 * @param read - the figure of a contender in a round
 */
export function toRows(rounds, labels, read) {
  return Object.entries(labels).map(([name, label]) => {
    const { median } = spreadOf(rounds, (round) => read(round[name]))
    return [label, toFigure(median)]
  })
}

/** With the digits that it has in RESULTS.md. */
export function toFigure(value) {
  return value >= 100 ? Math.round(value) : Math.round(value * 10) / 10
}
