/**
 * Two builds in one process, which take short turns in random order. Prints the main-thread time of a call in each turn.
 */
import { pathToFileURL } from 'node:url'
import { printOutput, readInput } from '../measure/child.mjs'
import { mainThreadMicros } from '../measure/cpu-time.mjs'
import { readSetup, readTokens } from '../measure/fixtures.mjs'
import { repeat, rotate } from '../measure/next-token.mjs'
import { LOOPS } from '../tokens/loops.mjs'
import { CASES } from './cases.mjs'

const ALG = 'RS256'

const { folder, name, builds, turns, turnMs, warmUpMs } = readInput()
const { create, repeated = false, loop } = CASES[name]
const setup = readSetup(folder, ALG)
const tokens = readTokens(folder, ALG)
const contenders = []
// in this order: the first to be loaded and called may have an advantage
for (const [build, dist] of builds) {
  const load = (entry) => import(pathToFileURL(`${dist}/${entry}/index.js`).href)
  const run = await create(load, setup)
  const next = repeated ? repeat(tokens[0]) : rotate(tokens)
  contenders.push({ build, run, next, micros: [] })
}
for (const contender of contenders) await take(contender, warmUpMs)
for (let turn = 0; turn < turns; turn++) {
  for (const one of Math.random() < 0.5 ? contenders : contenders.toReversed()) {
    one.micros.push(await take(one, turnMs))
  }
}
printOutput(Object.fromEntries(contenders.map(({ build, micros }) => [build, micros])))
process.exit()

async function take({ run, next }, forMs) {
  const before = mainThreadMicros()
  const count = await LOOPS[loop](run, next, performance.now() + forMs)
  return (mainThreadMicros() - before) / count
}
