/**
 * Finds what a mistyped word was meant to be.
 */

/** Returns the known word that a mistyped one resembles most; `undefined` if it resembles none. */
export function findNearest(word: string, known: readonly string[]): string | undefined {
  const plain = toPlain(word)
  if (plain === '') return undefined
  const begun = known.filter((one) => toPlain(one).startsWith(plain))
  if (begun.length === 1) return begun[0]
  const [nearest] = known
    .map((one) => ({ one, distance: distanceOf(plain, toPlain(one)) }))
    .sort((a, b) => a.distance - b.distance)
  // a third of the word may differ
  const isNear = nearest && nearest.distance <= Math.max(1, Math.floor(plain.length / 3))
  return isNear ? nearest.one : undefined
}

/** `userPoolId`, `user_pool_id` and `user-pool-id` are the same name. */
function toPlain(word: string): string {
  return word.slice(0, 64).replace(/[-_]/g, '').toLowerCase()
}

/** The number of characters to add, remove, replace or swap with the next one (optimal string alignment). */
function distanceOf(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, at) => at)]
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const isSame = from[i - 1] === to[j - 1]
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      row[j] = Math.min(
        cell(rows, i - 1, j) + 1,
        cell([row], 0, j - 1) + 1,
        cell(rows, i - 1, j - 1) + (isSame ? 0 : 1),
        isSwap ? cell(rows, i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    rows.push(row)
  }
  return cell(rows, from.length, to.length)
}

function cell(rows: readonly number[][], i: number, j: number): number {
  return rows[i]?.[j] ?? Number.POSITIVE_INFINITY
}
