/**
 * A real failover: a primary is killed, and its replica takes its place behind an address that stays the same.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  createRevocations,
  redisReplayStore,
  redisRevocationStore,
} from '../../dist/stores/index.js'
import { createTestIssuer } from '../../dist/testing/index.js'
import { createVerifier } from '../../dist/verify/index.js'
import { REDIS_CLIENTS } from './support/redis-clients.mjs'
import { isRedisMissing, startRedis } from './support/redis-server.mjs'
import { startSwitch } from './support/switch.mjs'

const MAX_STALE_MS = 60_000
const WAIT_MS = 20_000
const SUBS = ['replicated', 'lost', 'good']
const REVOKED = 'ERR_TOKEN_REVOKED'
const UNAVAILABLE = 'ERR_REVOCATIONS_UNAVAILABLE'
const issuer = await createTestIssuer({ algorithms: ['ES256'] })
const iss = issuer.issuer
const until = Math.floor(Date.now() / 1_000) + 3_600
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** A primary and its replica, the network between them, and the address of the clients. */
async function startPair() {
  const primary = await startRedis(['--repl-diskless-sync-delay', '0'])
  const link = await startSwitch(primary.port)
  const replica = await startRedis(['--replicaof', `127.0.0.1 ${link.port}`])
  const address = await startSwitch(primary.port)
  const admins = await Promise.all(
    [primary, replica].map(({ port }) => REDIS_CLIENTS.ioredis(port)),
  )
  const [atPrimary, atReplica] = admins.map(({ client }) => client)
  return {
    port: address.port,
    /** Until the replica has all that was written. WAIT waits for what its own connection wrote, and so for all before that. */
    replicate: async () => {
      await atPrimary.set('written-last', '')
      assert.equal(await atPrimary.wait(1, WAIT_MS), 1)
    },
    /** The replica lags behind from now on. */
    separate: () => link.lead(undefined),
    killPrimary: async () => {
      await primary.kill()
      address.lead(undefined)
    },
    promoteReplica: async () => {
      await atReplica.replicaof('NO', 'ONE')
      address.lead(replica.port)
    },
    stop: async () => {
      for (const { close } of admins) close()
      for (const one of [link, address]) one.stop()
      await Promise.all([primary.stop(), replica.stop()])
    },
  }
}

for (const [name, connect] of Object.entries(REDIS_CLIENTS)) {
  describe(`a failover, by ${name}`, { skip: isRedisMissing }, () => {
    /** Two servers, and what makes processes with clocks of their own, which share them. */
    async function start(context) {
      const pair = await startPair()
      const closers = []
      context.after(async () => {
        for (const close of closers) close()
        await pair.stop()
      })
      const createProcess = async (whenStale = 'refuse') => {
        const { client, close } = await connect(pair.port)
        closers.push(close)
        return createProcessOf(client, whenStale)
      }
      return { pair, createProcess }
    }

    test('loses nothing that counts, and is no verdict on tokens meanwhile', async (context) => {
      const { pair, createProcess } = await start(context)
      const writer = await createProcess()
      const accepting = await createProcess('accept')
      const all = [writer, await createProcess(), accepting]
      await writer.revoke({ issuer: iss, sub: 'replicated', until })
      assert.equal(await writer.replay.claim('replicated', 600), true)
      await pair.replicate()
      pair.separate()
      await writer.revoke({ issuer: iss, sub: 'lost', until })
      for (const one of all) await readAgain(one)

      await pair.killPrimary()
      await assert.rejects(writer.revoke({ issuer: iss, sub: 'failed', until }), {
        code: 'ERR_REVOCATIONS_UNAVAILABLE',
      })
      for (const one of all) {
        assert.deepEqual(await one.judgeAll(SUBS), [REVOKED, REVOKED, 'accepted'])
        await becomeStale(one)
      }
      assert.deepEqual(await writer.judgeAll(SUBS), [UNAVAILABLE, UNAVAILABLE, UNAVAILABLE])
      assert.deepEqual(await accepting.judgeAll(SUBS), [REVOKED, REVOKED, 'accepted'])

      await pair.promoteReplica()
      const fresh = await createProcess()
      assert.deepEqual(await fresh.judgeAll(SUBS), [REVOKED, 'accepted', 'accepted'])
      assert.equal(await fresh.replay.claim('replicated', 600), false)
      // each notices the loss with its first read, and writes back what it knows
      for (const one of all) await readAgain(one)
      for (const one of [...all, fresh, await createProcess()]) {
        await readAgain(one)
        assert.deepEqual(await one.judgeAll(SUBS), [REVOKED, REVOKED, 'accepted'])
      }
      assert.equal(writer.events.includes('revocations.rewritten'), true)
      assert.equal(fresh.events.includes('revocations.rewritten'), false)

      await fresh.revoke({ issuer: iss, sub: 'later', until })
      for (const one of all) {
        await readAgain(one)
        assert.equal(await one.judge('later'), REVOKED)
      }
    })

    test('does not lose what only its writer knows', async (context) => {
      const { pair, createProcess } = await start(context)
      const [writer, reader] = [await createProcess(), await createProcess()]
      await writer.revoke({ issuer: iss, sub: 'replicated', until })
      for (const one of [writer, reader]) await readAgain(one)
      await pair.replicate()
      pair.separate()
      // the replica has the record up to which both have read
      await writer.revoke({ issuer: iss, sub: 'unread', until })
      await pair.killPrimary()
      await pair.promoteReplica()

      await readAgain(reader)
      assert.deepEqual(await reader.judgeAll(['replicated', 'unread']), [REVOKED, 'accepted'])
      await readAgain(writer)
      await readAgain(reader)
      for (const one of [writer, reader]) {
        assert.deepEqual(await one.judgeAll(['replicated', 'unread']), [REVOKED, REVOKED])
      }
    })
  })
}

/** A process, with a clock of its own. */
function createProcessOf(client, whenStale) {
  const clock = { ms: Date.now() }
  const now = () => clock.ms
  const events = []
  const onEvent = ({ type }) => events.push(type)
  const store = redisRevocationStore(client)
  const revocations = createRevocations({ store, whenStale, refreshMs: 1, now, onEvent })
  const trusted = { issuer: iss, audience: null, jwks: issuer.jwks }
  const verifier = createVerifier(trusted, { revocations, now })
  const judge = async (sub) => {
    const token = await issuer.token({ iss, exp: until, sub })
    return verifier.verify(token).then(
      () => 'accepted',
      ({ code }) => code,
    )
  }
  const judgeAll = (subs) => Promise.all(subs.map(judge))
  return { ...revocations, clock, events, judge, judgeAll, replay: redisReplayStore(client) }
}

/** Lets a process read what is new, as soon as its client is connected again. */
async function readAgain({ clock, events, hydrate, settled }) {
  const countFailures = () => events.filter((type) => type === 'revocations.failed').length
  for (const startedAt = Date.now(); ; await sleep(20)) {
    const failures = countFailures()
    await settled()
    clock.ms += 1_000
    await hydrate().catch(() => undefined)
    if (countFailures() === failures) return
    assert.ok(Date.now() - startedAt < WAIT_MS, 'the store cannot be read any more')
  }
}

/** Lets the time pass after which `whenStale` decides, and a read fail. */
async function becomeStale({ clock, hydrate, settled }) {
  await settled()
  clock.ms += MAX_STALE_MS + 1_000
  await hydrate().catch(() => undefined)
}
