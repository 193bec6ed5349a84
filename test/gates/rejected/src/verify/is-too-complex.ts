// rejected by lint/complexity/noExcessiveCognitiveComplexity
export function decide(rows: readonly (readonly number[])[]): number {
  let sum = 0
  for (const row of rows) {
    for (const cell of row) {
      if (cell > 0) {
        if (cell % 2 === 0 && cell < 10) sum += cell
        else if (cell > 100 || cell === 7) sum -= cell
      }
    }
  }
  return sum
}
