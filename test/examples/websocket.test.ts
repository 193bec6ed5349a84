/**
 * The WebSocket example, with the real client of `ws`.
 */
import type { IncomingMessage } from 'node:http'
import { createTestIssuer, type TestClaims } from 'jwt-gate/testing'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { findFreePort, startExample } from './run-example.ts'

const AUDIENCE = 'https://api.example.com'
const issuer = await createTestIssuer()
await issuer.listen()
const port = await findFreePort()
const example = startExample('websocket.ts', {
  PORT: String(port),
  ISSUER: issuer.issuer,
  AUDIENCE,
})
afterAll(async () => {
  example.process.kill('SIGKILL')
  await issuer.close()
})
await example.printed('Listening.')

function mint(claims: TestClaims = {}): Promise<string> {
  const exp = Math.floor(Date.now() / 1_000) + 600
  return issuer.token({ iss: issuer.issuer, aud: AUDIENCE, sub: 'alice', exp, ...claims })
}

/** Opens a connection. Returns the first message, or the response that rejects it. */
function open(headers: Record<string, string>): Promise<string | IncomingMessage> {
  const ws = new WebSocket(`ws://127.0.0.1:${port}`, { headers })
  onTestFinished(() => ws.terminate())
  return new Promise((resolve, reject) => {
    ws.once('message', (data) => resolve(String(data)))
    ws.once('unexpected-response', (_req, res) => resolve(res.resume()))
    ws.once('error', reject)
  })
}

test('greets a client with a valid token', async () => {
  const greeting = await open({ authorization: `Bearer ${await mint()}` })

  expect(greeting).toBe('Hello alice')
})

test.each<[string, () => Promise<Record<string, string>>, number, string]>([
  ['no token', async () => ({}), 401, 'Bearer realm="api"'],
  [
    'an expired token',
    async () => ({ authorization: `Bearer ${await mint({ exp: 1_700_000_000 })}` }),
    401,
    'Bearer realm="api", error="invalid_token", error_description="The token has expired"',
  ],
  [
    'a malformed header',
    async () => ({ authorization: 'Bearer a b' }),
    400,
    'Bearer realm="api", error="invalid_request", error_description="The token contains a space or a tab"',
  ],
])('rejects %s before the upgrade', async (_title, headers, status, challenge) => {
  const answer = (await open(await headers())) as IncomingMessage

  expect(answer.statusCode).toBe(status)
  expect(answer.headers['www-authenticate']).toBe(challenge)
})

test('closes the connection when the token expires', async () => {
  const exp = Math.floor(Date.now() / 1_000) + 1
  const ws = new WebSocket(`ws://127.0.0.1:${port}`, {
    headers: { authorization: `Bearer ${await mint({ exp })}` },
  })

  const code = await new Promise((resolve) => ws.once('close', resolve))

  expect(code).toBe(4001)
})

test('other requests get the response that an upgrade is required', async () => {
  const answer = await fetch(`http://127.0.0.1:${port}`)

  expect(answer.status).toBe(426)
})
