/**
 * DPoP behind Express: what a request costs that proves the possession of a key, beside bearer tokens and the bare route.
 */
import { generateKeyPairSync } from 'node:crypto'
import { startChild } from '../measure/child.mjs'
import { serveKeys } from '../measure/jwks-server.mjs'
import { importLibrary } from '../measure/library.mjs'
import { takeTurns, withChildren } from '../measure/turns.mjs'
import { toThumbprint } from './client.mjs'
import { toDpopBars, toDpopPicture, toDpopText } from './report.mjs'
import { ROUTES } from './routes.mjs'

const SERVER = new URL('server.mjs', import.meta.url)
const LOAD = new URL('load.mjs', import.meta.url)
const AUDIENCE = 'https://api.example'

export async function measureDpop({ settings, log }) {
  const { jwks, issuer, credentials } = await createCredentials()
  const keys = await serveKeys(jwks)
  const load = await startChild(LOAD, credentials)
  const setup = { issuer, audience: AUDIENCE, jwksUri: keys.uri, origin: 'http://127.0.0.1' }
  try {
    const rounds = []
    while (rounds.length < settings.rounds) {
      rounds.push(await measureRoutes(setup, load, settings))
      log(`dpop round ${rounds.length}`)
    }
    return {
      text: toDpopText(rounds),
      bars: toDpopBars(rounds),
      picture: { bars: toDpopPicture(rounds) },
    }
  } finally {
    await load.stop()
    keys.close()
  }
}

/** A key of a client, a token that is bound to it, and one that is not. */
async function createCredentials() {
  const { createTestIssuer } = await importLibrary('testing')
  const issuer = await createTestIssuer()
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = privateKey.export({ format: 'jwk' })
  const claims = {
    iss: issuer.issuer,
    sub: 'auth0|65f0c4a1b2c3d4e5f6a7b8c9',
    aud: [AUDIENCE, 'https://login.example/userinfo'],
    iat: Math.floor(Date.now() / 1_000),
    exp: Math.floor(Date.now() / 1_000) + 7_200,
    scope: 'openid profile email orders:read orders:write',
    azp: issuer.clientId,
    permissions: ['orders:read', 'orders:write', 'profile:read'],
  }
  const bearer = await issuer.token(claims)
  const bound = await issuer.token({ ...claims, cnf: { jkt: toThumbprint(jwk) } })
  return { jwks: issuer.jwks, issuer: issuer.issuer, credentials: { jwk, bearer, bound } }
}

/** One round: all servers are running, and take turns. */
function measureRoutes(setup, load, { warmUp, turns, requests }) {
  const names = Object.keys(ROUTES)
  const start = (name) => [SERVER, { name, setup }]
  return withChildren(names, start, async (servers) => {
    const work = async (name, count) => {
      const { ready, ask } = servers[name]
      const { sends } = ROUTES[name]
      // the proofs are made in another process, before the turn
      await load.ask({ work: 'prepare', sends, count })
      const before = await ask('cpu')
      const { ms } = await load.ask({ work: 'send', port: ready.port })
      const after = await ask('cpu')
      return { count, ms, micros: after.ofAllThreads - before.ofAllThreads }
    }
    for (const name of names) {
      const { sends, refusesReplays } = ROUTES[name]
      const { port } = servers[name].ready
      if (sends === 'dpop') await load.ask({ work: 'check', port, refusesReplays })
      await work(name, warmUp)
    }
    return takeTurns(turns, names, (name) => work(name, requests))
  })
}
