/**
 * One contender in a process of its own: proves that it verifies, warms up, and measures its scenarios.
 */
import { printOutput, readInput } from '../measure/child.mjs'
import { mainThreadMicros } from '../measure/cpu-time.mjs'
import { readSetup, readTokens } from '../measure/fixtures.mjs'
import { CONTENDERS } from './contenders.mjs'
import { LOOPS } from './loops.mjs'

const { folder, alg, name, warmUp, timedMs } = readInput()
const contender = CONTENDERS[name]
const { awaited = false, scenarios = defaultScenarios(), prepare = (token) => token } = contender
const setup = readSetup(folder, alg)
// so many, in rotation, that one that comes again is as good as new
const tokens = readTokens(folder, alg)
const run = await contender.create(setup)
if (!contender.isBaseline) await assertVerifies()

const figures = {}
let warmed = 0
for (const scenario of scenarios) {
  const next = scenario === 'repeated' ? repeat(tokens[0]) : rotate(tokens.map(prepare))
  const loop = LOOPS[scenario === 'inFlight' ? 'inFlight' : awaited ? 'awaited' : 'plain']
  await warm(loop, next)
  figures[scenario] = await time(loop, next)
}
printOutput(figures)

function defaultScenarios() {
  const all = CONTENDERS[name].awaited ? ['single', 'inFlight'] : ['single']
  return alg === 'RS256' ? [...all, 'repeated'] : all
}

/** A contender that lets something pass that the others check would be fast for a wrong reason. */
async function assertVerifies() {
  await run(tokens[0])
  for (const [what, token] of Object.entries(setup.refused)) {
    let isRefused = false
    try {
      await run(token)
    } catch {
      isRefused = true
    }
    if (!isRefused) throw new Error(`${name} accepts ${what}`)
  }
}

function rotate(items) {
  let at = 0
  return () => {
    at = at + 1 === items.length ? 0 : at + 1
    return items[at]
  }
}

/** A new string object for each call: the engine keeps the hash of a string, and HTTP never gives the same one twice. */
function repeat(token) {
  const bytes = Buffer.from(token, 'latin1')
  return () => bytes.toString('latin1')
}

/** Code is not compiled by time but by use, and a cache is only steady when it is full. */
async function warm(loop, next) {
  do {
    warmed += await loop(run, next, performance.now() + warmUp.forMs)
  } while (warmed < warmUp.atLeast)
}

async function time(loop, next) {
  const cpuBefore = mainThreadMicros()
  const before = performance.now()
  const count = await loop(run, next, before + timedMs)
  const elapsed = performance.now() - before
  return { rate: (count / elapsed) * 1e3, micros: (mainThreadMicros() - cpuBefore) / count }
}
