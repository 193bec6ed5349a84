/**
 * Medians, and ratios within a round: noise that lasts longer than a round cancels out of a ratio, not out of a figure.
 */

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  if (Number.isInteger(middle)) return (sorted[middle - 1] + sorted[middle]) / 2
  return sorted[Math.floor(middle)]
}

/** The median of a figure over all rounds, with the least and the greatest. */
export function spreadOf(rounds, toFigure) {
  const values = rounds.map(toFigure)
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) }
}

/** Calls `measure` for every contender in every round, in any order: what one leaves behind is not always the same one's. */
export async function runRounds(count, names, measure) {
  const rounds = []
  for (let round = 0; round < count; round++) {
    const figures = {}
    for (const name of shuffle(names)) figures[name] = await measure(name, round)
    rounds.push(figures)
  }
  return rounds
}

function shuffle(items) {
  const shuffled = [...items]
  for (let left = shuffled.length; left > 1; left--) {
    const at = Math.floor(Math.random() * left)
    const last = shuffled[left - 1]
    shuffled[left - 1] = shuffled[at]
    shuffled[at] = last
  }
  return shuffled
}
