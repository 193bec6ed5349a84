/**
 * The two builds behind Express, each in a server of its own, with one repeated token.
 */
import { createRotation } from '../express/index.mjs'
import { startChild } from '../measure/child.mjs'
import { readSetup } from '../measure/fixtures.mjs'
import { serveKeys } from '../measure/jwks-server.mjs'
import { runRounds } from '../measure/statistics.mjs'
import { withChildren } from '../measure/turns.mjs'

const SERVER = new URL('../express/server.mjs', import.meta.url)
const LOAD = new URL('../express/load.mjs', import.meta.url)

/** Returns the main-thread time of a request in each turn. */
export async function compareExpress({ folder, builds, turns, requestMs, warmUp }) {
  const setup = readSetup(folder, 'RS256')
  const keys = await serveKeys(setup.jwks)
  const load = await startChild(LOAD, { folder })
  const names = builds.map(([build]) => build)
  const dists = Object.fromEntries(builds)
  const input = { name: 'jwt-gate', setup: { ...setup, jwksUri: keys.uri } }
  try {
    return await withChildren(
      names,
      (build) => [SERVER, input, { env: { BENCH_DIST: dists[build] } }],
      async (servers) => {
        const ask = createRotation(load, servers, 1)
        for (const build of names) await ask(build, warmUp)
        const rounds = await runRounds(turns, names, (build) => ask(build, { forMs: requestMs }))
        const toMicros = (build) => rounds.map((turn) => turn[build].micros / turn[build].count)
        return Object.fromEntries(names.map((build) => [build, toMicros(build)]))
      },
    )
  } finally {
    await load.stop()
    keys.close()
  }
}
