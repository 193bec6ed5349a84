/**
 * Real processes that share a store. `JWT_GATE_ROUNDS` is the number of tokens that are revoked, one after the other,
 * and `JWT_GATE_CLAIMERS` the number of processes that claim one id.
 */
import assert from 'node:assert/strict'
import process from 'node:process'
import { after, before, describe, test } from 'node:test'
import { createTestIssuer } from '../../dist/testing/index.js'
import { startDynamoDb } from './support/dynamodb.mjs'
import { isRedisMissing, startRedis } from './support/redis-server.mjs'
import { startWorkers } from './support/workers.mjs'

const ROUNDS = Number(process.env.JWT_GATE_ROUNDS ?? 20)
const REFRESH_MS = 200
const FOLLOWERS = 8
const CLAIMERS = Number(process.env.JWT_GATE_CLAIMERS ?? 64)

const issuer = await createTestIssuer({ algorithms: ['ES256'] })
const iss = issuer.issuer
const trusted = { issuer: iss, audience: null, jwks: { keys: issuer.jwks.keys } }
const until = Math.floor(Date.now() / 1_000) + 3_600

for (const { kind, skip, start } of [
  { kind: 'redis', skip: isRedisMissing, start: startRedis },
  { kind: 'dynamodb', skip: false, start: startDynamoDb },
]) {
  describe(kind, { skip }, () => {
    let server
    before(async () => {
      server = await start()
    })
    after(() => server?.stop())

    test(`of ${CLAIMERS} processes that present one id at the same moment, one passes`, async () => {
      const workers = await startWorkers(CLAIMERS, kind, server.port)
      for (let round = 0; round < 10; round++) {
        const results = await Promise.all(workers.map(({ call }) => call('claim', `id-${round}`)))

        assert.equal(results.filter((one) => one === true).length, 1)
        assert.equal(results.filter((one) => one === false).length, CLAIMERS - 1)
      }
      await Promise.all(workers.map(({ kill }) => kill()))
    })

    test(`what one process revokes, ${FOLLOWERS} others reject in time, ${ROUNDS} times`, async () => {
      const workers = await startWorkers(1 + FOLLOWERS, kind, server.port, REFRESH_MS)
      await Promise.all(workers.map(({ call }) => call('trust', trusted)))
      const [revoker, ...followers] = workers
      let slowest = 0
      for (let round = 0; round < ROUNDS; round++) {
        const jti = `${kind}-${round}`
        const token = await issuer.token({ iss, exp: until, jti })
        const watches = followers.map(({ call }) => call('watch', token))
        await revoker.call('revoke', { issuer: iss, jti, until })
        const revokedAt = Date.now()

        assert.equal(await revoker.call('judge', token), 'ERR_TOKEN_REVOKED')
        for (const { outcome, at } of await Promise.all(watches)) {
          assert.equal(outcome, 'ERR_TOKEN_REVOKED')
          slowest = Math.max(slowest, at - revokedAt)
          assert.ok(at - revokedAt <= REFRESH_MS + 1_000, `${at - revokedAt} ms in round ${round}`)
        }
      }
      console.log(`${kind}: rejected everywhere after ${slowest} ms at the latest`)
      await Promise.all(workers.map(({ kill }) => kill()))
    })
  })
}
