/**
 * Cold starts: a fresh process that loads a bundled authorizer and verifies its first token.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { readSetup, readTokens } from '../measure/fixtures.mjs'
import { importLibrary } from '../measure/library.mjs'
import { runRounds } from '../measure/statistics.mjs'
import { bundleAuthorizer } from './bundle.mjs'
import { serveKeysOverTls } from './jwks-server.mjs'
import { toColdBars, toColdPicture, toColdText } from './report.mjs'

const LAUNCH = fileURLToPath(new URL('launch.mjs', import.meta.url))
const AUTHORIZERS = {
  given: ['empty', 'jwt-gate', 'aws-jwt-verify', 'jose'],
  fetched: ['empty', 'jwt-gate-fetched', 'aws-jwt-verify-fetched', 'jose-fetched'],
}

export async function measureCold({ folder, settings, log }) {
  const { jwks, ...pool } = readSetup(folder, 'RS256')
  const server = await serveKeysOverTls(folder, jwks)
  const event = await createEvent(folder)
  const { issuer, userPoolId, clientId } = pool
  const known = { issuer, userPoolId, clientId }
  const setups = { given: { ...known, jwks }, fetched: { ...known, jwksUri: server.jwksUri } }
  const measured = {}
  try {
    for (const [kind, names] of Object.entries(AUTHORIZERS)) {
      const bundles = {}
      for (const name of names) {
        bundles[name] = await bundleAuthorizer(folder, name, setups[kind])
      }
      // all of them use the certificate, so that every figure includes the time to read it
      const env = { ...process.env, NODE_EXTRA_CA_CERTS: server.certificateFile }
      const start = (name) => launch(name, bundles[name].file, event, env)
      for (const name of names) await start(name)
      measured[kind] = { bundles, rounds: await runRounds(settings.rounds, names, start) }
      log(`cold: ${kind}`)
    }
  } finally {
    server.close()
  }
  return {
    text: toColdText(measured),
    bars: toColdBars(measured),
    picture: { bars: toColdPicture(measured) },
  }
}

async function createEvent(folder) {
  const { createAuthorizerEvent } = await importLibrary('testing')
  const [token] = readTokens(folder, 'RS256', 1)
  return JSON.stringify(createAuthorizerEvent('http-2.0', { token, path: '/profile' }))
}

/** One process, from start to end. */
async function launch(name, file, event, env) {
  const expected = name === 'empty' ? 'undefined' : 'true'
  const before = performance.now()
  const child = spawn(process.execPath, [LAUNCH, file, event, expected], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const parts = []
  child.stdout.on('data', (part) => parts.push(part))
  const [code] = await once(child, 'close')
  const wholeMillis = performance.now() - before
  if (code !== 0) throw new Error(`the authorizer ${name} failed`)
  return { wholeMillis, ...JSON.parse(Buffer.concat(parts).toString()) }
}
