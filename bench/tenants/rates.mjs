/**
 * The rate of distinct tokens of all tenants against that of one tenant, in one process: both verifiers take short turns.
 */
import { readFileSync } from 'node:fs'
import { printOutput, readInput } from '../measure/child.mjs'
import { mainThreadMicros } from '../measure/cpu-time.mjs'
import { walkTokens } from '../measure/fixtures.mjs'
import { takeTurns } from '../measure/turns.mjs'
import { VERIFIERS } from './verifiers.mjs'

const SHAPES = ['one', 'listed', 'found']

const { files, origin, turns, turnMs } = readInput()
const contenders = {}
for (const shape of SHAPES) contenders[shape] = await create(shape)
printOutput(await takeTurns(turns, SHAPES, (shape) => contenders[shape]()))

/** Returns a function that verifies for a while. Every token is verified once before. */
async function create(shape) {
  const bytes = readFileSync(shape === 'one' ? files.one : files.all)
  const tokens = [...walkTokens(bytes)]
  // a cache would have forgotten a token before it comes again
  const verifier = VERIFIERS[shape](origin, tokens.length, { tokenCache: false })
  for (const token of tokens) await verifier.verify(token)
  let next = 0
  return async () => {
    const [from, before] = [performance.now(), mainThreadMicros()]
    let count = 0
    for (; performance.now() - from < turnMs; count++)
      await verifier.verify(tokens[next++ % tokens.length])
    return { count, ms: performance.now() - from, micros: mainThreadMicros() - before }
  }
}
