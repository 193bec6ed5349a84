/**
 * Kills the server or a process at any moment, a hundred times, with real Redis. Afterwards, every token whose revocation resolved is
 * rejected by every process, old and new, and no id was claimed twice. Run it by `npm run kill`.
 */
import assert from 'node:assert/strict'
import process from 'node:process'
import { createTestIssuer } from '../../dist/testing/index.js'
import { startRedis } from './support/redis-server.mjs'
import { startWorker, startWorkers } from './support/workers.mjs'

const TIMES = Number(process.env.JWT_GATE_KILLS ?? 100)
const REFRESH_MS = 100
const PROCESSES = 3

const issuer = await createTestIssuer({ algorithms: ['ES256'] })
const iss = issuer.issuer
const trusted = { issuer: iss, audience: null, jwks: { keys: issuer.jwks.keys } }
const until = Math.floor(Date.now() / 1_000) + 36_000
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

const server = await startRedis()
const workers = await startWorkers(PROCESSES, 'redis', server.port, REFRESH_MS)
await Promise.all(workers.map(({ call }) => call('trust', trusted)))
/** The tokens whose revocation resolved, and the ids whose claim did. */
const revoked = []
const claimed = new Set()
let doubles = 0
let attempts = 0

/** Revokes and claims, until it is told to stop. What fails has no promise to keep. */
async function work(at, state) {
  while (!state.isOver) {
    const name = `${at}-${attempts++}`
    const { call } = workers[at]
    await call('revoke', { issuer: iss, jti: name, until }).then(
      () => revoked.push(name),
      () => undefined,
    )
    const id = `id-${Math.floor(attempts / 4)}`
    const isNew = await call('claim', id).catch(() => false)
    if (isNew && claimed.has(id)) doubles++
    if (isNew) claimed.add(id)
    await sleep(1)
  }
}

for (let round = 0; round < TIMES; round++) {
  const state = { isOver: false }
  const all = workers.map((_, at) => work(at, state))
  await sleep(20 + Math.random() * 100)
  if (round % 2 === 0) {
    await server.kill()
    await sleep(Math.random() * 50)
    await server.restart()
  } else {
    const at = round % PROCESSES
    await workers[at].kill()
    workers[at] = await startWorker('redis', server.port, REFRESH_MS)
    await workers[at].call('trust', trusted)
  }
  await sleep(20 + Math.random() * 100)
  state.isOver = true
  await Promise.all(all)
  // a process that was started while the server was down may need a moment to connect
  await sleep(1_500)
  await assertAllRejected(round)
}

/** The last hundred, by processes that ran all the time, and by one that is new. */
async function assertAllRejected(round) {
  const fresh = await startWorker('redis', server.port, REFRESH_MS)
  await fresh.call('trust', trusted)
  for (const jti of revoked.slice(-100)) {
    const token = await issuer.token({ iss, exp: until, jti })
    for (const { call } of [...workers, fresh]) {
      const { outcome } = await within(2_000, call('watch', token))
      assert.equal(outcome, 'ERR_TOKEN_REVOKED', `${jti} in round ${round}`)
    }
  }
  await fresh.kill()
}

async function within(ms, work) {
  const late = sleep(ms).then(() => ({ outcome: 'accepted' }))
  return Promise.race([work, late])
}

assert.equal(doubles, 0)
assert.ok(revoked.length > TIMES)
console.log(`killed ${TIMES} times: ${revoked.length} revocations, ${claimed.size} ids, none lost`)
await Promise.all(workers.map(({ kill }) => kill()))
await server.stop()
