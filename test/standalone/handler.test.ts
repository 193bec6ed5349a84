/**
 * The entry point: it reads the environment of the process, and writes to its console.
 */
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { beforeEach, expect, test, vi } from 'vitest'
import { POOL } from './environments.ts'

const issuer = await createTestIssuer()
const ENTRY = '../../src/standalone/handler.ts'

beforeEach(() => {
  vi.resetModules()
  const others = Object.keys(process.env).filter((name) => name.startsWith('JWT_GATE_'))
  for (const name of others) vi.stubEnv(name, undefined)
  const env = { ...POOL, JWT_GATE_JWKS: JSON.stringify(issuer.jwks) }
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  return () => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  }
})

test('responds, and logs why it rejects', async () => {
  const log = vi.spyOn(console, 'log').mockReturnValue(undefined)
  const { handler } = await import(ENTRY)

  const answer = await handler(createAuthorizerEvent('http-2.0', { token: 'x.y.z' }))

  expect(answer.policyDocument.Statement[0].Effect).toBe('Deny')
  const request = '"requestId":"c6af9ac6-7b61-11e6-9a41-93e8deadbeef","route":"GET /"'
  const line = `{"type":"authorizer.refused","gateway":"http-2.0",${request},"code":"ERR_TOKEN_MALFORMED"}`
  expect(log.mock.calls).toEqual([[line]])
})

test('exports only a handler, which takes no callback', async () => {
  const entry = await import(ENTRY)

  expect(Object.keys(entry)).toEqual(['handler'])
  expect(entry.handler).toHaveLength(1)
})

test('does not load if a variable is invalid', async () => {
  vi.stubEnv('JWT_GATE_TOKEN_USE', 'refresh')

  await expect(import(ENTRY)).rejects.toMatchObject({
    code: 'ERR_CONFIG_INVALID',
    message: 'JWT_GATE_TOKEN_USE must be access or id',
  })
})
