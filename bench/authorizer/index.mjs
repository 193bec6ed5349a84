/**
 * Authorizers: what a call with a repeated token costs, as a multiple of one SHA-256 of the token.
 */
import { toBar, toFixed, toSpread, toTable } from '../measure/markdown.mjs'
import { spreadOf } from '../measure/statistics.mjs'
import { takeTurns, withChildren } from '../measure/turns.mjs'
import { CONTENDERS } from './contenders.mjs'

const WORKER = new URL('worker.mjs', import.meta.url)
const NAMES = Object.keys(CONTENDERS)
const BARS = { default: 16, routes: 26 }

export async function measureAuthorizer({ folder, settings, log }) {
  const rounds = []
  while (rounds.length < settings.rounds) {
    rounds.push(await measureRound(folder, settings))
    log(`authorizer round ${rounds.length}`)
  }
  return { text: toText(rounds), bars: toBars(rounds) }
}

function measureRound(folder, { warmUp, turns, turnMs }) {
  const start = (name) => [WORKER, { folder, name }]
  return withChildren(NAMES, start, async (workers) => {
    for (const name of NAMES) await workers[name].ask(warmUp)
    return takeTurns(turns, NAMES, (name) => workers[name].ask({ forMs: turnMs }))
  })
}

function ratioOf(rounds, name) {
  return spreadOf(rounds, (round) => round[name].micros / round.sha256.micros)
}

function toText(rounds) {
  const header = ['one repeated token', 'main-thread µs a call', 'times one SHA-256 of the token']
  const rows = NAMES.map((name) => [
    CONTENDERS[name].label,
    toFixed(spreadOf(rounds, (round) => round[name].micros).median, 1),
    toSpread(ratioOf(rounds, name), 1),
  ])
  return toTable(header, rows)
}

function toBars(rounds) {
  return Object.entries(BARS).map(([name, most]) => {
    const ratio = ratioOf(rounds, name)
    const bar = `Authorizer, repeated token, ${CONTENDERS[name].label}: at most ${most} times one SHA-256 of the token`
    return toBar(bar, toSpread(ratio, 1), ratio.median <= most)
  })
}
