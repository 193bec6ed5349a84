/**
 * Cold starts: a fresh process that loads a bundled authorizer and verifies its first token.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { readSetup, readTokens } from '../measure/fixtures.mjs'
import { importLibrary } from '../measure/library.mjs'
import { runRounds } from '../measure/statistics.mjs'
import { bundleAuthorizer, unpackZip } from './bundle.mjs'
import { serveKeysOverTls } from './jwks-server.mjs'
import { toColdBars, toColdPicture, toColdText } from './report.mjs'

const ZIP = 'zip'
const LAUNCH = fileURLToPath(new URL('launch.mjs', import.meta.url))
const WITHOUT_TOKEN = ['empty', 'node-crypto']
const OURS = ['jwt-gate', 'jwt-gate-slim', ZIP]
const AUTHORIZERS = {
  given: [...WITHOUT_TOKEN, ...OURS, 'aws-jwt-verify', 'jose'],
  fetched: [...WITHOUT_TOKEN, ...OURS, 'aws-jwt-verify-fetched', 'jose-fetched'],
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
        const prepare = name === ZIP ? unpackZip : bundleAuthorizer
        bundles[name] = await prepare(folder, setups[kind], name)
      }
      // all of them use the certificate, so that every figure includes the time to read it
      const certificate = { NODE_EXTRA_CA_CERTS: server.certificateFile }
      const start = (name) => launch(name, bundles[name], event, certificate)
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
async function launch(name, { file, env = {} }, event, certificate) {
  const expected = WITHOUT_TOKEN.includes(name) ? 'undefined' : 'true'
  const before = performance.now()
  const child = spawn(process.execPath, [LAUNCH, file, event, expected], {
    env: { ...process.env, ...certificate, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const parts = []
  child.stdout.on('data', (part) => parts.push(part))
  const [code] = await once(child, 'close')
  const wholeMillis = performance.now() - before
  if (code !== 0) throw new Error(`the authorizer ${name} failed`)
  // the zip logs that it has fetched the keys
  const lastLine = Buffer.concat(parts).toString().split('\n').at(-1)
  return { wholeMillis, ...JSON.parse(lastLine) }
}
