/**
 * One contender in a separate process: verifies all forged tokens at once, and measures how long others wait beside them, from the end
 * of these calls.
 */
import { lookup } from 'node:dns/promises'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { printOutput, readInput } from '../measure/child.mjs'
import { importLibrary } from '../measure/library.mjs'

const WARM_UP = 100
const CONTENDERS = { 'jwt-gate': createJwtGate, jose: createJose, aws: createAws }
const algorithms = ['RS256', 'ES512']
const tokenUse = 'access'

const { folder, name } = readInput()
const { forged, good, ...setup } = JSON.parse(readFileSync(join(folder, 'flood.json'), 'utf8'))
const verify = await CONTENDERS[name](setup)
for (const alg of algorithms) await verify(good[alg][0])
await Promise.all(forged.slice(0, WARM_UP).map(expectRefusal))

const started = performance.now()
const flood = Promise.all(forged.map(expectRefusal))
const called = performance.now()
const waiting = {
  file: since(readFile(import.meta.filename)),
  dns: since(lookup('localhost')),
  RS256: since(verify(good.RS256[1])),
  ES512: since(verify(good.ES512[1])),
}
const figures = { calls: called - started, all: (await since(flood)) + called - started }
for (const [what, ms] of Object.entries(waiting)) figures[what] = await ms
printOutput(figures)

async function since(work) {
  await work
  return performance.now() - called
}

async function expectRefusal(token) {
  let isAccepted = true
  try {
    await verify(token)
  } catch {
    isAccepted = false
  }
  if (isAccepted) throw new Error(`${name} accepts a forged token`)
}

async function createJwtGate({ issuer, clientId, jwks }) {
  const { createVerifier } = await importLibrary('verify')
  return createVerifier({ issuer, audience: null, clientId, tokenUse, algorithms, jwks }).verify
}

async function createJose({ issuer, jwks }) {
  const { createLocalJWKSet, jwtVerify } = await import('jose')
  const keys = createLocalJWKSet(jwks)
  return (token) => jwtVerify(token, keys, { issuer, algorithms })
}

async function createAws({ issuer, jwks }) {
  const { JwtVerifier } = await import('aws-jwt-verify')
  const verifier = JwtVerifier.create({ issuer, audience: null })
  verifier.cacheJwks(jwks)
  return (token) => verifier.verify(token)
}
