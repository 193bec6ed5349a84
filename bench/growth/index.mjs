/**
 * Growth: how the cost of a token grows with the number of tokens, issuers, routes and calls in flight.
 */
import { runChild } from '../measure/child.mjs'
import { toCount, toTable } from '../measure/markdown.mjs'
import { runRounds, spreadOf } from '../measure/statistics.mjs'
import { toFigure } from '../picture/rows.mjs'
import { toLabel } from '../picture/svg.mjs'
import { CURVES } from './curves.mjs'

const WORKER = new URL('worker.mjs', import.meta.url)

export async function measureGrowth({ folder, settings, log }) {
  const { rounds, calls } = settings
  const curves = []
  for (const [name, { title, unit, x, values, marked }] of Object.entries(CURVES)) {
    const measured = await runRounds(rounds, values, (value) =>
      runChild(WORKER, { name, x: value, folder, calls }),
    )
    const points = values.map((value) => [
      value,
      toFigure(spreadOf(measured, (round) => round[value].micros).median),
    ])
    curves.push({ title, unit, x, marked, points })
    log(`growth: ${name}`)
  }
  return { text: curves.map(toText).join('\n'), bars: [], picture: { curves } }
}

function toText({ title, unit, x, points }) {
  const header = [x, ...points.map(([value]) => toCount(value))]
  const row = ['µs', ...points.map(([, micros]) => toLabel(micros))]
  return `### ${title}\n\nIn ${unit}.\n\n${toTable(header, [row])}`
}
