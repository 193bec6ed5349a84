/**
 * `lambda-authorizer.zip` with the variables for proofs of possession and revocations: instances that share a table.
 */
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { after, afterEach, before, describe, test } from 'node:test'
import { unzipSync } from 'fflate'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { createRevocations, dynamoDbRevocationStore } from '../../dist/stores/index.js'
import { createAuthorizerEvent, createTestIssuer } from '../../dist/testing/index.js'
import { startDynamoDb, TABLE } from './support/dynamodb.mjs'

const ZIP = resolve(import.meta.dirname, '../../dist/lambda-authorizer.zip')
const INSTANCE = resolve(import.meta.dirname, 'support/zip-instance.mjs')
const MODULES = resolve(import.meta.dirname, 'node_modules')
const URL_OF_EVENT = 'https://abcdef1234.execute-api.eu-west-1.amazonaws.com/prod/orders'

const issuer = await createTestIssuer()
const folder = mkdtempSync(join(tmpdir(), 'jwt-gate-zip-'))
const running = new Set()
let db

before(async () => {
  db = await startDynamoDb()
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(ZIP)))) {
    writeFileSync(join(folder, name), bytes)
  }
})
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
})
after(() => {
  db.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function startInstance(variables) {
  const env = {
    PATH: process.env.PATH,
    NODE_PATH: MODULES,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${db.port}`,
    JWT_GATE_USER_POOL_ID: issuer.userPoolId,
    JWT_GATE_CLIENT_ID: issuer.clientId,
    JWT_GATE_TOKEN_USE: 'access',
    JWT_GATE_JWKS: JSON.stringify(issuer.jwks),
    JWT_GATE_TABLE: TABLE,
    ...variables,
  }
  const child = fork(INSTANCE, [folder], { env, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  running.add(child)
  const log = []
  child.stdout.setEncoding('utf8').on('data', (text) => log.push(text))
  await once(child, 'message')
  let last = 0
  return {
    log: () => log.join(''),
    invoke: (event) => {
      const id = ++last
      return new Promise((done) => {
        const listen = (message) => {
          if (message.id !== id) return
          child.off('message', listen)
          done(message.outcome)
        }
        child.on('message', listen)
        child.send({ id, event })
      })
    },
  }
}

async function createClient() {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const jwk = await exportJWK(publicKey)
  const jkt = await calculateJwkThumbprint(jwk)
  const token = await issuer.accessToken({ cnf: { jkt } })
  const ath = createHash('sha256').update(token).digest('base64url')
  const event = async (change = {}) => {
    const claims = { jti: randomUUID(), htm: 'GET', htu: URL_OF_EVENT, ath, ...change }
    const proof = await new SignJWT(claims)
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
      .setIssuedAt()
      .sign(privateKey)
    const headers = { Authorization: `DPoP ${token}`, DPoP: proof }
    const created = createAuthorizerEvent('rest-request', { headers, path: '/orders' })
    const requestContext = {
      ...created.requestContext,
      domainName: 'abcdef1234.execute-api.eu-west-1.amazonaws.com',
      path: '/prod/orders',
    }
    return { ...created, requestContext }
  }
  return { event, token }
}

describe('DPoP', () => {
  const DPOP = { JWT_GATE_DPOP: '{"required":true}' }

  test('a proof passes once, in whichever instance', async () => {
    const instances = await Promise.all([1, 2, 3].map(() => startInstance(DPOP)))
    const client = await createClient()

    for (let round = 0; round < 5; round++) {
      const event = await client.event()
      const outcomes = await Promise.all(instances.map(({ invoke }) => invoke(event)))
      assert.deepEqual(outcomes.sort(), ['Allow', 'Unauthorized', 'Unauthorized'])
    }
    assert.match(instances.map(({ log }) => log()).join(''), /"code":"ERR_PROOF_REPLAYED"/)
  })

  test('no token passes without its proof, or with one for another URL', async () => {
    const { invoke } = await startInstance(DPOP)
    const { event, token } = await createClient()
    const unbound = await issuer.accessToken()

    assert.equal(await invoke(await event()), 'Allow')
    for (const one of [token, unbound]) {
      assert.equal(
        await invoke(createAuthorizerEvent('rest-request', { token: one })),
        'Unauthorized',
      )
    }
    assert.equal(await invoke(await event({ htu: `${URL_OF_EVENT}/7` })), 'Unauthorized')
  })

  test('a table that is not there is a failure, and no denial', async () => {
    const { invoke, log } = await startInstance({ ...DPOP, JWT_GATE_TABLE: 'missing' })
    const { event } = await createClient()

    assert.match(await invoke(await event()), /could not decide \(ERR_STORE_UNAVAILABLE\)/)
    assert.match(log(), /"causeCode":"ResourceNotFoundException"/)
  })
})

test('a token that was revoked is rejected by every instance, and others are not', async () => {
  const variables = { JWT_GATE_REVOCATIONS: '{"whenStale":"refuse","refreshMs":50}' }
  const instances = await Promise.all([1, 2].map(() => startInstance(variables)))
  const [alice, bob] = await Promise.all(['alice', 'bob'].map((sub) => issuer.accessToken({ sub })))
  const eventOf = (token) => createAuthorizerEvent('rest-request', { token })
  const invokeAll = (token) => Promise.all(instances.map(({ invoke }) => invoke(eventOf(token))))
  const store = dynamoDbRevocationStore(db.client, { tableName: TABLE })
  const revocations = createRevocations({ store, whenStale: 'refuse' })

  assert.deepEqual(await invokeAll(alice), ['Allow', 'Allow'])
  const until = Math.floor(Date.now() / 1_000) + 3_600
  await revocations.revoke({ issuer: issuer.issuer, sub: 'alice', until })
  const deadline = Date.now() + 20_000
  let outcomes
  do {
    outcomes = await invokeAll(alice)
  } while (outcomes.includes('Allow') && Date.now() < deadline)

  assert.deepEqual(outcomes, ['Unauthorized', 'Unauthorized'])
  assert.deepEqual(await invokeAll(bob), ['Allow', 'Allow'])
  assert.match(instances[0].log(), /"code":"ERR_TOKEN_REVOKED"/)
  assert.match(instances[0].log(), /"type":"revocations.loaded","entries":0/)
})
