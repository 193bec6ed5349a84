/**
 * Tokens: how many a second, and what one costs the main thread.
 */
import { runChild } from '../measure/child.mjs'
import { runRounds } from '../measure/statistics.mjs'
import { listContenders } from './contenders.mjs'
import { toTokenBars, toTokenText } from './report.mjs'

const WORKER = new URL('worker.mjs', import.meta.url)
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA']

/** Measures, and answers the section of the report and its bars. */
export async function measureTokens({ folder, settings, log }) {
  const { rounds, ...times } = settings
  const measured = {}
  for (const alg of ALGORITHMS) {
    measured[alg] = await runRounds(rounds, listContenders(alg), async (name, round) => {
      const figures = await runChild(
        WORKER,
        { folder, alg, name, ...times },
        { nodeArguments: ['--no-warnings'] },
      )
      log(`tokens ${alg} round ${round + 1}: ${name}`)
      return figures
    })
  }
  return { text: toTokenText(measured), bars: toTokenBars(measured) }
}
