/**
 * The log: one line of JSON for each event, which says what happened and includes nothing from a token.
 */
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { toLogLine } from '../../src/standalone/log-line.ts'
import { POOL } from './environments.ts'
import { type Deployed, deploy, now } from './setup.ts'

const issuer = await createTestIssuer({ now })
const SECRET = 'c2VjcmV0LXZhbHVl'

function linesOf({ lines }: Deployed): unknown[] {
  return lines.map((line) => JSON.parse(line))
}

async function call({ handler }: Deployed, event: unknown): Promise<void> {
  await handler(event).catch(() => undefined)
}

describe('a log line says', () => {
  test('that keys were fetched, and of which issuer', async () => {
    const deployed = deploy(POOL, issuer)

    await deployed.initialize()

    expect(linesOf(deployed)).toEqual([
      { type: 'jwks.fetched', issuer: issuer.issuer, durationMs: 0 },
    ])
  })

  test('that keys could not be fetched, and why', async () => {
    const env = { ...POOL, JWT_GATE_ISSUER: issuer.issuer }
    const fetch = () => Promise.reject(Object.assign(new Error(SECRET), { code: 'ECONNREFUSED' }))
    const deployed = deploy(env, { fetch })

    await deployed.initialize()

    const { issuer: from } = issuer
    const line = {
      type: 'jwks.failed',
      issuer: from,
      code: 'ERR_JWKS_UNAVAILABLE',
      reason: 'network',
      causeCode: 'ECONNREFUSED',
      durationMs: 0,
    }
    expect(linesOf(deployed)).toEqual([line])
  })

  test('which status a key endpoint has responded with, or which issuer a document is of', async () => {
    const env = { ...POOL, JWT_GATE_ISSUER: issuer.issuer, JWT_GATE_JWKS_URI: issuer.jwksUri }
    const refusing = deploy(env, { fetch: async () => new Response(SECRET, { status: 403 }) })
    await refusing.initialize()

    expect(linesOf(refusing)).toMatchObject([{ type: 'jwks.failed', status: 403, durationMs: 0 }])
    expect(refusing.lines.join()).not.toContain(SECRET)
  })

  test('why a token was rejected', async () => {
    const deployed = deploy({ ...POOL, JWT_GATE_JWKS: JSON.stringify(issuer.jwks) }, issuer)
    const token = await issuer.accessToken({ client_id: 'other' })

    await call(deployed, createAuthorizerEvent('rest-request', { token }))

    const about = { requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef', route: 'GET /' }
    const why = { code: 'ERR_CLAIM_CLIENT_ID', claim: 'client_id', reason: 'mismatch' }
    const expected = { clientId: [issuer.clientId] }
    expect(linesOf(deployed)).toEqual([
      { type: 'authorizer.refused', gateway: 'rest-request', ...about, ...why, expected },
    ])
  })

  test('that no decision was possible', async () => {
    const deployed = deploy(POOL, issuer)

    await call(deployed, { Records: [] })

    const message = expect.stringContaining('event')
    expect(linesOf(deployed)).toEqual([
      { type: 'authorizer.failed', code: 'ERR_CONFIG_INVALID', message },
    ])
  })

  test('which setting does not fit the API', async () => {
    const deployed = deploy({ ...POOL, JWT_GATE_RESPONSE: 'simple' }, issuer)
    const token = await issuer.accessToken()

    await call(deployed, createAuthorizerEvent('rest-request', { token: `${token}${SECRET}` }))

    const [line] = linesOf(deployed)
    expect(line).toMatchObject({
      code: 'ERR_CONFIG_INVALID',
      message: '"response" is "simple", which only HTTP APIs with payload format 2.0 support',
    })
    expect(deployed.lines.join()).not.toContain(SECRET)
  })

  test('which claims were dropped from the context', async () => {
    const deployed = deploy({ ...POOL, JWT_GATE_JWKS: JSON.stringify(issuer.jwks) }, issuer)
    const token = await issuer.accessToken({ notes: 'r'.repeat(8_000) })

    await call(deployed, createAuthorizerEvent('http-2.0', { token }))

    const line = { type: 'authorizer.context_reduced', gateway: 'http-2.0', reason: 'size' }
    expect(linesOf(deployed)).toMatchObject([{ ...line, dropped: ['notes'] }])
  })
})

describe('no log line includes', () => {
  test('the text of a foreign error', () => {
    const error = new Error(SECRET, { cause: SECRET })

    const line = toLogLine({ type: 'authorizer.failed', gateway: 'websocket', error })

    expect(line).toBe('{"type":"authorizer.failed","gateway":"websocket"}')
  })

  test('anything from a token, whatever the reason of its rejection', async () => {
    const deployed = deploy(POOL, issuer)
    const { accessToken, token } = issuer
    const claims = { sub: SECRET, [SECRET]: SECRET }
    const bad = [
      SECRET,
      `${SECRET}.${SECRET}.${SECRET}`,
      await accessToken({ ...claims, iss: SECRET }),
      await accessToken({ ...claims, client_id: SECRET }),
      await accessToken({ ...claims, exp: SECRET }),
      await token({ ...claims, iss: issuer.issuer }, { header: { kid: SECRET } }),
      await token({ ...claims, iss: issuer.issuer }, { header: { alg: SECRET } }),
      await token({ ...claims, iss: issuer.issuer }, { header: { crit: [SECRET] } }),
      await token(`{"iss":"${SECRET}`),
    ]

    for (const one of bad) await call(deployed, createAuthorizerEvent('rest-token', { token: one }))

    expect(deployed.lines.length).toBeGreaterThanOrEqual(bad.length)
    expect(deployed.lines.join('\n')).not.toContain(SECRET)
  })
})
