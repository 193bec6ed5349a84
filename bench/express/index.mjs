/**
 * Express: how many requests a second a protected route answers, and what its protection costs the main thread.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { startChild } from '../measure/child.mjs'
import { readSetup } from '../measure/fixtures.mjs'
import { runRounds } from '../measure/statistics.mjs'
import { MIDDLEWARE } from './middleware.mjs'
import { toExpressBars, toExpressText } from './report.mjs'

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
    // more than the cache holds: none is ever found in it
    unseen: { distinct: load.ready.requests, ...settings },
  }
  try {
    const names = Object.keys(MIDDLEWARE)
    const rounds = await runRounds(settings.rounds, names, async (name, round) => {
      const input = { name, setup: { ...setup, jwksUri: keys.uri } }
      const figures = await measureServer(input, load, scenarios)
      log(`express round ${round + 1}: ${name}`)
      return figures
    })
    return { text: toExpressText(rounds, scenarios), bars: toExpressBars(rounds) }
  } finally {
    await load.stop()
    keys.close()
  }
}

/** All scenarios, on one server that is started for them. */
async function measureServer(input, load, scenarios) {
  const server = await startChild(SERVER, input)
  const { port } = server.ready
  const figures = {}
  for (const [scenario, { distinct, warmUp, timedMs }] of Object.entries(scenarios)) {
    await load.ask({ port, distinct, ...warmUp })
    const before = await server.ask('cpu')
    const { count, rate } = await load.ask({ port, distinct, forMs: timedMs })
    const after = await server.ask('cpu')
    figures[scenario] = { rate, micros: (after.micros - before.micros) / count }
  }
  await server.stop()
  return figures
}

async function serveKeys(jwks) {
  const body = JSON.stringify(jwks)
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  return {
    uri: `http://127.0.0.1:${port}/.well-known/jwks.json`,
    close: () => server.close().closeAllConnections(),
  }
}
