/**
 * Kills the server, a process, or both at any moment, a hundred and twenty times, with real Redis. No token is accepted for longer
 * than `maxStaleMs` after its revocation has resolved, every process, old and new, rejects all of them in the end, and no id was
 * claimed twice. Run it by `npm run kill`.
 */
import assert from 'node:assert/strict'
import process from 'node:process'
import { createTestIssuer } from '../../dist/testing/index.js'
import { startRedis } from './support/redis-server.mjs'
import { startWorker, startWorkers } from './support/workers.mjs'

const TIMES = Number(process.env.JWT_GATE_KILLS ?? 120)
const REFRESH_MS = 100
const MAX_STALE_MS = 10_000
const PROCESSES = 3
const KINDS = ['the server', 'a process', 'both']

const issuer = await createTestIssuer({ algorithms: ['ES256'] })
const iss = issuer.issuer
const trusted = { issuer: iss, audience: null, jwks: { keys: issuer.jwks.keys } }
const until = Math.floor(Date.now() / 1_000) + 36_000
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

// by default, Redis may confirm a write that it loses if it is killed within the next two seconds
const server = await startRedis(['--appendfsync', 'always'])
const workers = await startWorkers(PROCESSES, 'redis', server.port, REFRESH_MS, MAX_STALE_MS)
await Promise.all(workers.map(({ call }) => call('trust', trusted)))
/** The tokens whose revocation resolved, and the ids whose claim did. */
const revoked = []
const claimed = new Set()
let doubles = 0
let attempts = 0
let latestMs = 0

for (let round = 0; round < TIMES; round++) await killOne(round)
workers.push(await startFresh())
await assertAllRejected(0, workers.at(-1))

assert.equal(doubles, 0)
assert.ok(revoked.length > TIMES)
console.log(
  `killed ${TIMES} times: ${revoked.length} revocations, ${claimed.size} ids, none lost; accepted for ${latestMs} ms at the longest`,
)
await Promise.all(workers.map(({ kill }) => kill()))
await server.stop()

async function killOne(round) {
  const from = revoked.length
  const state = { isOver: false }
  const all = workers.map((_, at) => work(at, state))
  await sleep(20 + Math.random() * 100)
  const kind = KINDS[round % KINDS.length]
  const at = Math.floor(Math.random() * PROCESSES)
  await Promise.all([
    kind !== 'a process' && restartServer(),
    kind !== 'the server' && workers[at].kill(),
  ])
  if (kind !== 'the server') workers[at] = await startFresh()
  await sleep(20 + Math.random() * 100)
  state.isOver = true
  await Promise.all(all)
  await Promise.all(workers.map((worker) => assertAllRejected(from, worker)))
}

async function restartServer() {
  await server.kill()
  await sleep(Math.random() * 50)
  await server.restart()
}

async function startFresh() {
  const worker = await startWorker('redis', server.port, REFRESH_MS, MAX_STALE_MS)
  await worker.call('trust', trusted)
  return worker
}

/** Revokes and claims, until it is told to stop. What fails has no promise to keep. */
async function work(at, state) {
  while (!state.isOver) {
    const jti = `${at}-${attempts++}`
    const { call } = workers[at]
    await call('revoke', { issuer: iss, jti, until }).then(
      () => revoked.push({ jti, revokedAt: Date.now() }),
      () => undefined,
    )
    const id = `id-${Math.floor(attempts / 4)}`
    const isNew = await call('claim', id).catch(() => false)
    if (isNew && claimed.has(id)) doubles++
    if (isNew) claimed.add(id)
    await sleep(1)
  }
}

/** By real tokens, a few of them, and by the list, all of them. */
async function assertAllRejected(from, { call }) {
  const some = revoked.slice(from).filter((_, at) => at % 20 === 0)
  for (const { jti, revokedAt } of some) {
    const token = await issuer.token({ iss, exp: until, jti })
    await untilRejected(revokedAt, async () => {
      const outcome = await call('judge', token)
      return outcome === 'ERR_TOKEN_REVOKED' ? [] : [outcome === 'accepted' && jti]
    })
  }
  const jtis = revoked.slice(from).map(({ jti }) => jti)
  // the first: at the end, all of them were revoked long ago
  const { revokedAt } = revoked[from] ?? { revokedAt: Date.now() }
  await untilRejected(revokedAt, () => call('listAccepted', { issuer: iss, jtis, until }))
}

/** Asks again while there are tokens that are not rejected as revoked; those that are named were accepted. */
async function untilRejected(revokedAt, listOthers) {
  const startedAt = Date.now()
  for (;;) {
    const askedAt = Date.now()
    const others = await listOthers()
    if (others.length === 0) return
    const accepted = others.filter(Boolean)
    if (accepted.length > 0) latestMs = Math.max(latestMs, askedAt - revokedAt)
    assert.ok(
      accepted.length === 0 || askedAt - revokedAt <= MAX_STALE_MS,
      `${accepted.length} tokens are accepted ${askedAt - revokedAt} ms after they were revoked: ${accepted.slice(0, 5)}`,
    )
    assert.ok(askedAt - startedAt < 4 * MAX_STALE_MS, 'the store cannot be read any more')
    await sleep(20)
  }
}
