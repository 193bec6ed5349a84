/**
 * Events as JSON, as `onEvent: (event) => console.log(JSON.stringify(event))` writes them: an error in them says what failed.
 */
import { createVerifier } from 'jwt-gate'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'

const issuer = await createTestIssuer()
const token = await issuer.accessToken()
const trusted = { issuer: issuer.issuer, audience: null }

test('a bug in a function of the authorizer reaches the log', async () => {
  const lines: string[] = []
  const errors: unknown[] = []
  const handler = createAuthorizer(createVerifier({ ...trusted, jwks: issuer.jwks }), {
    context: ({ claims }) => ({ tenant: (claims['custom:tenant'] as string).toLowerCase() }),
    onEvent: (event) => {
      lines.push(JSON.stringify(event))
      if (event.type === 'authorizer.failed') errors.push(event.error)
    },
  })

  await handler(createAuthorizerEvent('http-2.0', { token })).catch(() => undefined)

  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    {
      type: 'authorizer.failed',
      gateway: 'http-2.0',
      error: {
        name: 'ConfigError',
        message: '"context" failed',
        cause: { name: 'TypeError', message: expect.stringContaining('toLowerCase') },
      },
    },
  ])
  expect(errors).toEqual([expect.objectContaining({ cause: expect.any(TypeError) })])
})

test('a failure of the function that finds issuers reaches the log', async () => {
  const lines: string[] = []
  const failure = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  const verifier = createVerifier(() => Promise.reject(failure), {
    onEvent: (event) => lines.push(JSON.stringify(event)),
  })

  await verifier.verify(token).catch(() => undefined)

  const { name, message, code } = failure
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { type: 'issuers.failed', error: { name, message, code } },
  ])
})

test('the reason of a failed fetch reaches the log, through every layer', async () => {
  const lines: string[] = []
  const jwksUri = 'https://keys.invalid/jwks.json'
  const verifier = createVerifier(
    { ...trusted, jwksUri },
    { fetch: globalThis.fetch, onEvent: (event) => lines.push(JSON.stringify(event)) },
  )

  await verifier.verify(token).catch(() => undefined)

  const [{ type, error }] = lines.map((line) => JSON.parse(line))
  expect(type).toBe('jwks.failed')
  expect(error).toMatchObject({
    code: 'ERR_JWKS_UNAVAILABLE',
    reason: 'network',
    cause: { name: 'TypeError', message: 'fetch failed', cause: { code: expect.any(String) } },
  })
})
