/**
 * Medians, and ratios within a round: noise that lasts longer than a round cancels out in a ratio, but not in a figure.
 */

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  if (Number.isInteger(middle)) return (sorted[middle - 1] + sorted[middle]) / 2
  return sorted[Math.floor(middle)]
}

/** The median of a figure over all rounds, with the minimum and the maximum. */
export function spreadOf(rounds, toFigure) {
  const values = rounds.map(toFigure)
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) }
}

/** Calls `measure` for every contender in every round, in random order, so that none always follows the same one. */
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
  const drawn = items.map((item) => ({ item, lot: Math.random() }))
  return drawn.sort((a, b) => a.lot - b.lot).map(({ item }) => item)
}
