/**
 * Contenders that all run, in processes of their own, and take short turns: noise that lasts longer than a turn hits them
 * all alike, and falls out of a ratio.
 */
import { startChild } from './child.mjs'
import { runRounds } from './statistics.mjs'

/** Starts a process for each name, hands them over, and stops them. */
export async function withChildren(names, start, use) {
  const children = {}
  try {
    for (const name of names) children[name] = await startChild(...start(name))
    return await use(children)
  } finally {
    for (const child of Object.values(children)) await child.stop()
  }
}

/** Lets each work so many times, and answers what it did a second, and what one cost the main thread. */
export async function takeTurns(count, names, work) {
  const turns = await runRounds(count, names, work)
  return Object.fromEntries(names.map((name) => [name, toFigures(turns.map((turn) => turn[name]))]))
}

function toFigures(turns) {
  const sumOf = (figure) => turns.reduce((sum, turn) => sum + turn[figure], 0)
  const count = sumOf('count')
  return { rate: (count / sumOf('ms')) * 1e3, micros: sumOf('micros') / count }
}
