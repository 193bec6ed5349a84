/**
 * Tokens: how many per second, and how much main-thread time one costs.
 */
import { takeTurns, withChildren } from '../measure/turns.mjs'
import { listContenders } from './contenders.mjs'
import { toTokenBars, toTokenPicture, toTokenText } from './report.mjs'

const WORKER = new URL('worker.mjs', import.meta.url)
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA']
const SCENARIOS = ['single', 'inFlight', 'repeated']

/** Measures, and returns the section of the report and its bars. */
export async function measureTokens({ folder, settings, log }) {
  const measured = {}
  for (const alg of ALGORITHMS) {
    const rounds = []
    while (rounds.length < settings.rounds) {
      rounds.push(await measureContenders({ folder, alg }, settings))
      log(`tokens ${alg} round ${rounds.length}`)
    }
    measured[alg] = rounds
  }
  return {
    text: toTokenText(measured),
    bars: toTokenBars(measured),
    picture: { bars: toTokenPicture(measured) },
  }
}

/** One round: all contenders are running, and those that have a scenario take turns in it. */
function measureContenders(input, { warmUp, turns, turnMs }) {
  const names = listContenders(input.alg)
  const start = (name) => [WORKER, { ...input, name }, { nodeArguments: ['--no-warnings'] }]
  return withChildren(names, start, async (workers) => {
    const figures = Object.fromEntries(names.map((name) => [name, {}]))
    for (const scenario of SCENARIOS) {
      const having = names.filter((name) => workers[name].ready.scenarios.includes(scenario))
      const ask = (howLong) => (name) => workers[name].ask({ scenario, ...howLong })
      // code is compiled by use and not by time, and a cache is only steady when it is full
      for (const name of having) await ask(warmUp)(name)
      const ofAll = await takeTurns(turns, having, ask({ forMs: turnMs }))
      for (const name of having) figures[name][scenario] = ofAll[name]
    }
    return figures
  })
}
