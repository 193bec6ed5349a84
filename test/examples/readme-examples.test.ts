/**
 * The examples of the README, run without changes.
 */
import { createAuthorizerEvent, createHandlerEvent } from 'jwt-gate/testing'
import { expect, test, vi } from 'vitest'
import { handler as authorizer } from '../../examples/authorizer.ts'
import { handler } from '../../examples/handler.ts'
import { findFreePort, runExample } from './run-example.ts'

test('the Express example protects its routes', async () => {
  const port = await findFreePort()
  runExample('express.ts', { PORT: String(port) })

  const url = `http://127.0.0.1:${port}/api/profile`
  const answer = await vi.waitFor(() => fetch(url), { timeout: 25_000, interval: 50 })

  expect(answer.status).toBe(401)
  expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="api"')
  expect(await answer.json()).toMatchObject({ error: 'missing_token' })
}, 30_000)

test('the authorizer example rejects a request without a token, and logs why', async () => {
  const log = vi.spyOn(console, 'log').mockReturnValue(undefined)

  const answer = authorizer(createAuthorizerEvent('rest-request'))

  await expect(answer).rejects.toThrow(/^Unauthorized$/)
  expect(log.mock.calls.join()).toContain('"code":"ERR_TOKEN_MISSING"')
  log.mockRestore()
})

test('the handler example responds with the claims that the authorizer passed on', async () => {
  const json = JSON.stringify({ sub: 'alice', scope: 'orders/read', exp: 1 })
  const context = { jwt: Buffer.from(json).toString('base64url') }

  const answer = await handler(createHandlerEvent('rest-lambda', { context }))

  expect(JSON.parse(answer.body)).toEqual({ sub: 'alice', scope: 'orders/read' })
})
