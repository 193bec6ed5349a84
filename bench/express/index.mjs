/**
 * Express: how many requests per second a protected route handles, and how much main-thread time its protection costs.
 */
import { startChild } from '../measure/child.mjs'
import { readSetup } from '../measure/fixtures.mjs'
import { serveKeys } from '../measure/jwks-server.mjs'
import { takeTurns, withChildren } from '../measure/turns.mjs'
import { MIDDLEWARE } from './middleware.mjs'
import { toExpressBars, toExpressPicture, toExpressText } from './report.mjs'

const SERVER = new URL('server.mjs', import.meta.url)
const LOAD = new URL('load.mjs', import.meta.url)
/** The default cache of jwt-gate holds 5,000 tokens. */
const ROTATION = 5_000

export async function measureExpress({ folder, settings, log }) {
  const setup = readSetup(folder, 'RS256')
  const keys = await serveKeys(setup.jwks)
  const load = await startChild(LOAD, { folder })
  const scenarios = {
    repeated: { distinct: 1, ...settings },
    rotation: { distinct: ROTATION, ...settings },
    // more than the cache holds, so that none is ever found in it
    unseen: { distinct: load.ready.requests, ...settings },
  }
  try {
    const input = { ...setup, jwksUri: keys.uri }
    const rounds = []
    while (rounds.length < settings.rounds) {
      rounds.push(await measureServers(input, load, scenarios))
      log(`express round ${rounds.length}`)
    }
    return {
      text: toExpressText(rounds, scenarios),
      bars: toExpressBars(rounds),
      picture: { bars: toExpressPicture(rounds) },
    }
  } finally {
    await load.stop()
    keys.close()
  }
}

/** One round: all servers are running, and take turns in each scenario. */
function measureServers(setup, load, scenarios) {
  const names = Object.keys(MIDDLEWARE)
  const start = (name) => [SERVER, { name, setup }]
  return withChildren(names, start, async (servers) => {
    const figures = Object.fromEntries(names.map((name) => [name, {}]))
    for (const [scenario, { distinct, warmUp, turns, turnMs }] of Object.entries(scenarios)) {
      const ask = createRotation(load, servers, distinct)
      for (const name of names) await ask(name, warmUp)
      const measured = await takeTurns(turns, names, (name) => ask(name, { forMs: turnMs }))
      for (const name of names) figures[name][scenario] = measured[name]
    }
    return figures
  })
}

/** Load for any of the servers. Each continues with the token after its last one. */
export function createRotation(load, servers, distinct) {
  const sent = new Map()
  return async (name, howLong) => {
    const server = servers[name]
    const from = sent.get(name) ?? 0
    const before = await server.ask('cpu')
    const { count, ms } = await load.ask({ port: server.ready.port, distinct, from, ...howLong })
    const after = await server.ask('cpu')
    sent.set(name, from + count)
    return { count, ms, micros: after.micros - before.micros }
  }
}
