/**
 * One contender in a separate process: proves that it verifies, reports its scenarios, and runs them on request.
 */
import { answerMessages, readInput } from '../measure/child.mjs'
import { mainThreadMicros } from '../measure/cpu-time.mjs'
import { readSetup, readTokens } from '../measure/fixtures.mjs'
import { repeat, rotate } from '../measure/next-token.mjs'
import { CONTENDERS } from './contenders.mjs'
import { LOOPS } from './loops.mjs'

const { folder, alg, name } = readInput()
const contender = CONTENDERS[name]
const { awaited = false, scenarios = defaultScenarios(), prepare = (token) => token } = contender
const setup = readSetup(folder, alg)
const run = await contender.create(setup)
if (!contender.isBaseline) await assertVerifies()
// so many, in rotation, that a token is as good as new when it comes again
const tokens = readTokens(folder, alg)
const next = { repeated: repeat(tokens[0]), rotated: rotate(tokens.map(prepare)) }

answerMessages({ scenarios }, work)

/** Verifies until the time is over and at least `atLeast` tokens are verified. */
async function work({ scenario, forMs, atLeast = 0 }) {
  const loop = LOOPS[scenario === 'inFlight' ? 'inFlight' : awaited ? 'awaited' : 'plain']
  const nextToken = scenario === 'repeated' ? next.repeated : next.rotated
  const cpuBefore = mainThreadMicros()
  const before = performance.now()
  let count = 0
  do {
    count += await loop(run, nextToken, performance.now() + forMs)
  } while (count < atLeast)
  return { count, ms: performance.now() - before, micros: mainThreadMicros() - cpuBefore }
}

function defaultScenarios() {
  const all = awaited ? ['single', 'inFlight'] : ['single']
  return alg === 'RS256' ? [...all, 'repeated'] : all
}

/** A contender that accepts a token that the others reject would be fast for the wrong reason. */
async function assertVerifies() {
  const [token] = readTokens(folder, alg, 1)
  await run(token)
  for (const [what, bad] of Object.entries(setup.refused)) {
    let isRefused = false
    try {
      await run(bad)
    } catch {
      isRefused = true
    }
    if (!isRefused) throw new Error(`${name} accepts ${what}`)
  }
}
