/**
 * What attackers can cost callers with good tokens: a flood of made-up key ids, and an endpoint that is down.
 */
import { setImmediate, setTimeout } from 'node:timers/promises'
import { printOutput, readInput } from '../measure/child.mjs'
import { readSetup, readTokens } from '../measure/fixtures.mjs'
import { importLibrary } from '../measure/library.mjs'
import { median } from '../measure/statistics.mjs'

const WARM_UP = 2_000
const CALLERS = 50
/** 2,000 made-up ids per second from all callers together. */
const PAUSE_MS = 25
const CALLS_WHILE_DOWN = 1_000

const { folder, jwksUri, deadUri, slices, sliceMs } = readInput()
const { userPoolId, clientId } = readSetup(folder, 'RS256')
const tokens = readTokens(folder, 'RS256')
const { cognito, createVerifier } = await importLibrary('verify')
const create = (uri) =>
  createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access', jwksUri: uri }))

printOutput({ ...(await measureFlood()), ...(await measureOutage()) })

/** A token with a known key, alone and while 50 callers send made-up ids, in alternating slices. */
async function measureFlood() {
  const [calm, flooded] = [create(jwksUri), create(jwksUri)]
  const next = takeInTurn(tokens)
  const micros = { calm: [], flooded: [] }
  for (const verifier of [calm, flooded]) {
    for (let count = 0; count < WARM_UP; count++) await verifier.verify(next())
  }
  let madeUp = 0
  for (let slice = 0; slice < slices; slice++) {
    await timeCalls(calm, next, micros.calm)
    const stop = startFlood(flooded, () => toMadeUp(tokens[0], madeUp++))
    await timeCalls(flooded, next, micros.flooded)
    await stop()
  }
  return { calm: median(micros.calm), flooded: median(micros.flooded), madeUp }
}

async function timeCalls(verifier, next, micros) {
  const until = performance.now() + sliceMs
  do {
    const token = next()
    const before = performance.now()
    await verifier.verify(token)
    micros.push((performance.now() - before) * 1e3)
    // other callers get their turn between two calls, and are not timed
    await setImmediate()
  } while (performance.now() < until)
}

function startFlood(verifier, next) {
  let isOver = false
  const callers = Array.from({ length: CALLERS }, async () => {
    while (!isOver) {
      await expectRefusal(verifier.verify(next()), 'ERR_KEY_NOT_FOUND')
      await setTimeout(PAUSE_MS)
    }
  })
  return () => {
    isOver = true
    return Promise.all(callers)
  }
}

/** Calls during the back-off of the endpoint, after the one that found it down. */
async function measureOutage() {
  const verifier = create(deadUri)
  const micros = []
  for (let count = 0; count <= CALLS_WHILE_DOWN; count++) {
    const before = performance.now()
    await expectRefusal(verifier.verify(tokens[count]), 'ERR_JWKS_UNAVAILABLE')
    micros.push((performance.now() - before) * 1e3)
  }
  const [, ...duringBackOff] = micros
  return { backOff: median(duringBackOff), slowest: Math.max(...duringBackOff) }
}

async function expectRefusal(verification, code) {
  const error = await verification.then(
    () => undefined,
    (one) => one,
  )
  if (error?.code !== code) throw new Error(`expected ${code}, got ${error?.code}`)
}

function takeInTurn(list) {
  let at = 0
  return () => list[at++ % list.length]
}

function toMadeUp(token, n) {
  const header = JSON.stringify({ alg: 'RS256', kid: `made-up-${n}` })
  return Buffer.from(header).toString('base64url') + token.slice(token.indexOf('.'))
}
