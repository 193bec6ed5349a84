/**
 * Real processes that share a store. `JWT_GATE_CLAIMERS` is the number of processes that present one proof; `npm run rounds` and
 * `npm run rate` do the rest a thousand times, or for longer.
 */
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import process from 'node:process'
import { after, before, describe, test } from 'node:test'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { createTestIssuer } from '../../dist/testing/index.js'
import { startDynamoDb } from './support/dynamodb.mjs'
import { describeRate, measureRate } from './support/rate.mjs'
import { isRedisMissing, startRedis } from './support/redis-server.mjs'
import { describeRounds, revokeInRounds } from './support/rounds.mjs'
import { startWorkers } from './support/workers.mjs'

const PROCESSES = Number(process.env.JWT_GATE_CLAIMERS ?? 64)
const PROOFS = 10
const ROUNDS = 20
const ENTRIES = 10_000

const issuer = await createTestIssuer({ algorithms: ['ES256'] })
const trusted = { issuer: issuer.issuer, audience: null, jwks: { keys: issuer.jwks.keys } }
const request = { method: 'GET', url: 'https://api.example.com/orders' }
const { privateKey, publicKey } = await generateKeyPair('ES256')
const jwk = await exportJWK(publicKey)
const token = await issuer.token({
  iss: issuer.issuer,
  exp: Math.floor(Date.now() / 1_000) + 3_600,
  cnf: { jkt: await calculateJwkThumbprint(jwk) },
})

/** A proof that was never used. */
async function present() {
  const ath = createHash('sha256').update(token).digest('base64url')
  const proof = await new SignJWT({ jti: randomUUID(), htm: 'GET', htu: request.url, ath })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
    .setIssuedAt()
    .sign(privateKey)
  return { scheme: 'DPoP', proof, request }
}

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

    test(`of ${PROCESSES} processes that present one proof at the same moment, one passes`, async () => {
      const workers = await startWorkers(PROCESSES, kind, server.port)
      await Promise.all(workers.map(({ call }) => call('trustWithProofs', trusted)))
      for (let round = 0; round < PROOFS; round++) {
        const presented = await present()
        // when all processes have the message
        const at = Date.now() + 300
        const results = await Promise.all(
          workers.map(({ call }) => call('present', { token, presented, at })),
        )

        const passed = results.filter((one) => one === 'accepted')
        const rejected = results.filter((one) => one === 'ERR_PROOF_REPLAYED')
        assert.deepEqual([passed.length, rejected.length], [1, PROCESSES - 1], String(results))
      }
      await Promise.all(workers.map(({ kill }) => kill()))
    })

    test(`what one process revokes, eight others reject, ${ROUNDS} times`, async () => {
      // dynalite is in this process, and has no time left where others are busy
      const result = await revokeInRounds(kind, server.port, ROUNDS, kind === 'redis')
      console.log(`${kind}: ${describeRounds(result)}`)
    })

    test(`${ENTRIES} entries of several processes are followed`, async () => {
      console.log(`${kind}: ${describeRate(await measureRate(kind, server.port, ENTRIES))}`)
    })
  })
}
