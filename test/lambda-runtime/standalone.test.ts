/**
 * The file of the zip under the Lambda Runtime API, from its init phase on.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { type Certificate, createCertificate, HAS_OPENSSL } from '../support/certificates.ts'
import { createGate } from '../verify/support/key-endpoint.ts'
import { deployZip, down, keysOf, unpackZip } from './deploy.ts'
import { startLambda } from './lambda.ts'
import { allowed, effectsOf, UNAUTHORIZED, UNDECIDED } from './outcomes.ts'

const folder = await mkdtemp(join(tmpdir(), 'jwt-gate-lambda-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
await unpackZip(folder)

const issuer = await createTestIssuer()
// so that tokens do not expire, whatever the clock does
const LONG = { exp: 4_000_000_000 }
const token = await issuer.accessToken(LONG)
const event = createAuthorizerEvent('rest-request', { token })

describe('the init phase', () => {
  test('loads the keys, so that the first call fetches none', async () => {
    const { init, invoke, keyServer } = await deployZip(issuer, { folder })

    const failure = await init
    const inInit = keyServer.asked.length
    const outcome = await invoke(event)

    expect(failure).toBeUndefined()
    expect(inInit).toBe(1)
    expect(outcome).toEqual(allowed())
    expect(keyServer.asked).toHaveLength(1)
  })

  test('does not fail if the keys cannot be fetched: calls fail, until they can', async () => {
    const lambda = await deployZip(issuer, { folder, serve: down })

    const failure = await lambda.init
    const during = await lambda.invoke(event)
    lambda.serve(keysOf(issuer))
    await lambda.moveClock(2_000)
    const after = await lambda.invoke(event)

    expect(failure).toBeUndefined()
    expect(during).toEqual(UNDECIDED)
    expect(after).toEqual(allowed())
  })

  test('fails if a variable is invalid, and names it', async () => {
    const { init } = await deployZip(issuer, { folder, env: { JWT_GATE_TOKEN_USE: 'refresh' } })

    const failure = await init

    expect(failure).toEqual({
      errorType: 'ConfigError',
      errorMessage: 'JWT_GATE_TOKEN_USE must be access or id',
    })
  })

  test('fails for a handler that expects a callback', async () => {
    await writeFile(join(folder, 'old.cjs'), 'exports.handler = (event, context, callback) => {}')
    const { init } = await startLambda({ folder, handler: 'old.handler' })

    const failure = await init

    expect(failure?.errorMessage).toBe('old.handler wants a callback')
  })
})

describe('a call', () => {
  test('with a bad token fails with the exact text that leads to 401, and the log says why', async () => {
    const { invoke, output } = await deployZip(issuer, { folder })
    const bad = createAuthorizerEvent('rest-request', { token: `${token}x` })

    const outcome = await invoke(bad)

    expect(outcome).toEqual(UNAUTHORIZED)
    const lines = output()
      .trim()
      .replace(/(?<="durationMs":)\d+/, '0')
    expect(lines.split('\n')).toEqual([
      `{"type":"jwks.fetched","issuer":"${issuer.issuer}","durationMs":0}`,
      '{"type":"authorizer.refused","gateway":"rest-request","requestId":"c6af9ac6-7b61-11e6-9a41-93e8deadbeef","route":"GET /","code":"ERR_TOKEN_MALFORMED"}',
    ])
  })

  test('with a bound token is rejected, with and without a proof', async () => {
    const { invoke, output } = await deployZip(issuer, { folder })
    const bound = await issuer.accessToken({ ...LONG, cnf: { jkt: 'x' } })
    const proven = createAuthorizerEvent('rest-request', {
      headers: { Authorization: `DPoP ${bound}`, DPoP: bound },
    })

    for (const one of [createAuthorizerEvent('rest-request', { token: bound }), proven]) {
      expect(await invoke(one)).toEqual(UNAUTHORIZED)
    }
    expect(output()).toMatch(/"code":"ERR_TOKEN_UNSUPPORTED".*\n.*"code":"ERR_TOKEN_MISSING"/)
  })

  test('returns only after the fetch that it began, even if its own token needs no newer keys', async () => {
    const order: string[] = []
    const asked = createGate<void>()
    const held = createGate<void>()
    const lambda = await deployZip(issuer, { folder })
    await lambda.invoke(event)
    await lambda.moveClock(550_000)
    lambda.serve((request, response) => {
      asked.resolve()
      void held.promise.then(() => keysOf(issuer)(request, response))
    })

    const outcome = lambda.invoke(event).finally(() => order.push('answered'))
    await asked.promise
    // whatever the function can do without these keys is done after some round trips
    for (let n = 0; n < 5; n++) await lambda.moveClock(0)
    order.push('let go')
    held.resolve()

    expect(await outcome).toEqual(allowed())
    expect(order).toEqual(['let go', 'answered'])
    expect(lambda.keyServer.asked).toHaveLength(2)
  })
})

describe('a set-up that needs the whole code', () => {
  test('has route rules', async () => {
    const env = { JWT_GATE_ACCESS: '{"GET /orders":{"scopes":["orders/read"]}}' }
    const { invoke, output } = await deployZip(issuer, { folder, env })
    const scoped = await issuer.accessToken({ ...LONG, scope: 'orders/read' })
    const request = { path: '/orders', resource: '/orders' }

    const outcomes = [scoped, token].map((one) =>
      invoke(createAuthorizerEvent('rest-request', { ...request, token: one })),
    )

    expect(effectsOf(await Promise.all(outcomes))).toEqual(['Allow', 'Deny'])
    expect(output()).toContain('"code":"ERR_ACCESS_SCOPE"')
  })

  test.skipIf(!HAS_OPENSSL)('accepts a token on a connection with its certificate', async () => {
    const [alice, mallory] = ['alice', 'mallory'].map(createCertificate) as [
      Certificate,
      Certificate,
    ]
    const { invoke } = await deployZip(issuer, { folder, env: { JWT_GATE_MTLS: 'true' } })
    const bound = await issuer.accessToken({ ...LONG, cnf: { 'x5t#S256': alice.x5t } })
    const eventWith = (clientCertPem: string): object => {
      const { requestContext, ...event } = createAuthorizerEvent('rest-request', { token: bound })
      const identity = { ...requestContext.identity, clientCert: { clientCertPem } }
      return { ...event, requestContext: { ...requestContext, identity } }
    }

    const passed = await invoke(eventWith(alice.cert))
    const stolen = await invoke(eventWith(mallory.cert))

    expect(effectsOf([passed])).toEqual(['Allow'])
    expect(stolen).toEqual(UNAUTHORIZED)
  })
})

test('64 concurrent calls wait for one fetch, and each gets the result for its own token', async () => {
  const held = createGate<void>()
  const lambda = await deployZip(issuer, { folder, serve: down, concurrency: 64 })
  await lambda.init
  await lambda.moveClock(2_000)
  const before = lambda.keyServer.asked.length
  lambda.serve(
    (request, response) => void held.promise.then(() => keysOf(issuer)(request, response)),
  )
  const subjects = Array.from({ length: 64 }, (_, n) => `user-${n}`)
  const isBad = (_: string, n: number): boolean => n % 4 === 3
  const tokens = await Promise.all(
    subjects.map((sub, n) =>
      issuer.accessToken({ ...LONG, sub, ...(isBad(sub, n) && { exp: 1 }) }),
    ),
  )

  const calls = tokens.map((one) =>
    lambda.call(createAuthorizerEvent('rest-request', { token: one })),
  )
  await Promise.all(calls.map(({ delivered }) => delivered))
  held.resolve()
  const outcomes = await Promise.all(calls.map(({ outcome }) => outcome))

  expect(lambda.keyServer.asked.length - before).toBe(1)
  expect(outcomes).toEqual(subjects.map((sub, n) => (isBad(sub, n) ? UNAUTHORIZED : allowed(sub))))
})
