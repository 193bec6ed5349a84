/**
 * Contenders that all run, in separate processes, and take short turns: noise that lasts longer than a turn affects them all
 * equally, and cancels out in a ratio.
 */
import { startChild } from './child.mjs'
import { runRounds } from './statistics.mjs'

/** Starts a process for each name, passes them on, and stops them. */
export async function withChildren(names, start, use) {
  const children = {}
  try {
    for (const name of names) children[name] = await startChild(...start(name))
    return await use(children)
  } finally {
    for (const child of Object.values(children)) await child.stop()
  }
}

/** Lets each work this many times, and returns its rate per second and its main-thread time for one unit of work. */
export async function takeTurns(count, names, work) {
  const turns = await runRounds(count, names, work)
  return Object.fromEntries(names.map((name) => [name, toFigures(turns.map((turn) => turn[name]))]))
}

function toFigures(turns) {
  const sumOf = (figure) => turns.reduce((sum, turn) => sum + turn[figure], 0)
  const count = sumOf('count')
  return { rate: (count / sumOf('ms')) * 1e3, micros: sumOf('micros') / count }
}
