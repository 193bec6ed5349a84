/**
 * Contenders that all run, in processes of their own, and take short turns: noise that lasts longer than a turn hits them
 * all alike, and falls out of a ratio.
 */
import { startChild } from './child.mjs'

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
export async function takeTurns(turns, names, work) {
  const totals = new Map(names.map((name) => [name, { count: 0, ms: 0, micros: 0 }]))
  for (let turn = 0; turn < turns; turn++) {
    for (let at = 0; at < names.length; at++) {
      // each turn begins with another one
      const name = names[(at + turn) % names.length]
      const { count, ms, micros } = await work(name)
      const total = totals.get(name)
      total.count += count
      total.ms += ms
      total.micros += micros
    }
  }
  return Object.fromEntries([...totals].map(([name, total]) => [name, toFigures(total)]))
}

function toFigures({ count, ms, micros }) {
  return { rate: (count / ms) * 1e3, micros: micros / count }
}
