/**
 * `jwt-gate revoke` as a process of its own, by the clients that are installed where it runs.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { after, before, describe, test } from 'node:test'
import {
  createRevocations,
  dynamoDbRevocationStore,
  redisRevocationStore,
} from '../../dist/stores/index.js'
import { createTestIssuer } from '../../dist/testing/index.js'
import { createVerifier } from '../../dist/verify/index.js'
import { startDynamoDb, TABLE } from './support/dynamodb.mjs'
import { REDIS_CLIENTS } from './support/redis-clients.mjs'
import { isRedisMissing, startRedis } from './support/redis-server.mjs'

const MAIN = resolve(import.meta.dirname, '../../dist/cli/main.js')
const MODULES = resolve(import.meta.dirname, 'node_modules')
const issuer = await createTestIssuer({ algorithms: ['ES256'] })
const token = await issuer.accessToken({ sub: 'alice' })
const ALICE = ['--issuer', issuer.issuer, '--sub', 'alice']

function run(argv, cwd, env = {}) {
  return new Promise((done) => {
    const { PATH } = process.env
    const options = { cwd, env: { PATH, ...env } }
    execFile(process.execPath, [MAIN, 'revoke', ...argv], options, (error, stdout, stderr) => {
      done({ exit: error ? error.code : 0, stdout, stderr })
    })
  })
}

/** A project with one client. */
function makeProject(name) {
  const folder = mkdtempSync(join(tmpdir(), 'jwt-gate-project-'))
  const path = join(folder, 'node_modules', name)
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(join(MODULES, name), path, 'junction')
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** What a service with this store says of the token. */
async function judge(store) {
  const revocations = createRevocations({ store, whenStale: 'refuse' })
  const trusted = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }
  const verifier = createVerifier(trusted, { revocations })
  return verifier.verify(token).then(
    () => 'accepted',
    ({ code }) => code,
  )
}

async function revokeAndRestore(where, cwd, env, store) {
  assert.equal(await judge(store), 'accepted')
  const revoked = await run([...ALICE, '--until', '+1h', ...where], cwd, env)
  assert.deepEqual([revoked.exit, revoked.stderr.includes('hunter2')], [0, false], revoked.stderr)
  assert.equal(await judge(store), 'ERR_TOKEN_REVOKED')
  const restored = await run([...ALICE, '--restore', ...where], cwd, env)
  assert.equal(restored.exit, 0, restored.stderr)
  assert.equal(await judge(store), 'accepted')
}

for (const name of ['redis', 'ioredis']) {
  describe(name, { skip: isRedisMissing }, () => {
    let server
    let project
    let connected
    before(async () => {
      server = await startRedis()
      project = makeProject(name)
      connected = await REDIS_CLIENTS[name](server.port)
    })
    after(async () => {
      connected?.close()
      project?.remove()
      await server?.stop()
    })

    test('revokes, and takes it back', async () => {
      const where = ['--redis', `redis://127.0.0.1:${server.port}`]
      await revokeAndRestore(where, project.folder, {}, redisRevocationStore(connected.client))
    })

    test('with a prefix', async () => {
      const where = ['--redis', `redis://127.0.0.1:${server.port}`, '--redis-prefix', '{own}:']
      const store = redisRevocationStore(connected.client, { prefix: '{own}:' })
      await revokeAndRestore(where, project.folder, {}, store)
    })

    test('says what is wrong, without the password', async () => {
      const locked = await startRedis(['--requirepass', 'hunter2'])
      const address = `127.0.0.1:${locked.port}`
      const argv = [...ALICE, '--until', '+1h', '--redis-env', 'URL', '--json']
      const runWith = (URL) => run(argv, project.folder, { URL })
      const good = await runWith(`redis://:hunter2@${address}`)
      const bad = await runWith(`redis://:hunter3@${address}`)
      const none = await runWith(`redis://${address}`)
      await locked.stop()
      const dead = await runWith(`redis://:hunter2@${address}`)

      assert.equal(good.exit, 0, good.stderr)
      for (const [{ exit, stdout, stderr }, says] of [
        [bad, 'WRONGPASS'],
        [none, 'NOAUTH'],
        [dead, 'ECONNREFUSED'],
      ]) {
        assert.deepEqual([exit, stderr.includes(says)], [2, true], stderr)
        assert.doesNotMatch(stdout + stderr, /hunter/)
      }
    })
  })
}

describe('DynamoDB', () => {
  let server
  let project
  before(async () => {
    server = await startDynamoDb()
    project = makeProject('@aws-sdk/client-dynamodb')
  })
  after(() => {
    project?.remove()
    server?.stop()
  })
  const toEnv = () => ({
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${server.port}`,
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'hunter2',
    AWS_REGION: 'us-east-1',
  })

  test('revokes, and takes it back', async () => {
    const where = ['--dynamodb-table', TABLE]
    const store = dynamoDbRevocationStore(server.client, { tableName: TABLE })
    await revokeAndRestore(where, project.folder, toEnv(), store)
  })

  test('says what is wrong', async () => {
    const argv = [...ALICE, '--until', '+1h', '--dynamodb-table']
    const noTable = await run([...argv, 'another'], project.folder, toEnv())
    const { AWS_REGION: _region, ...noRegionEnv } = toEnv()
    const noRegion = await run([...argv, TABLE], project.folder, noRegionEnv)

    assert.deepEqual([noTable.exit, noRegion.exit], [2, 2])
    assert.match(noTable.stderr, /no such table in this region \(ResourceNotFoundException\)/)
    assert.match(noRegion.stderr, /no region of AWS: set AWS_REGION/)
    assert.doesNotMatch(noTable.stderr + noRegion.stderr, /hunter2/)
  })
})
