/**
 * The `onEvent` option, and that the handler waits for key fetches in flight.
 */
import { inspect } from 'node:util'
import { createVerifier, TokenError } from 'jwt-gate'
import { type AuthorizerEvent, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { expect, test, vi } from 'vitest'
import { record } from '../support/channels.ts'
import { createTestVerifier, now, unusedVerifier } from './setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createTestVerifier(issuer)

test('reports no event for a valid token', async () => {
  const events: AuthorizerEvent[] = []
  const handler = createAuthorizer(verifier, { onEvent: (event) => events.push(event) })
  const token = await issuer.accessToken()

  await handler(createAuthorizerEvent('rest-request', { token }))

  expect(events).toEqual([])
})

test.each<[string, () => void]>([
  [
    'throws',
    () => {
      throw new Error('listener')
    },
  ],
  ['rejects', () => Promise.reject(new Error('listener'))],
])('ignores a listener that %s', async (_, onEvent) => {
  const handler = createAuthorizer(verifier, { onEvent })

  const answer = handler(createAuthorizerEvent('rest-request'))

  await expect(answer).rejects.toMatchObject({ message: 'Unauthorized' })
})

test('publishes on jwt-gate:request exactly what onEvent gets, and also without onEvent', async () => {
  const events: AuthorizerEvent[] = []
  const handlers = [
    createAuthorizer(verifier, { onEvent: (event) => events.push(event) }),
    createAuthorizer(verifier),
  ]

  const published = await record<AuthorizerEvent>('jwt-gate:request', async () => {
    for (const handler of handlers) {
      await handler(createAuthorizerEvent('rest-request', { resource: '/orders/{id}' })).catch(
        () => undefined,
      )
    }
  })

  expect(published[0]).toBe(events[0])
  expect(published).toHaveLength(2)
  for (const event of published) {
    expect(event).toMatchObject({
      type: 'authorizer.refused',
      requestId: expect.any(String),
      route: 'GET /orders/{id}',
      error: { code: 'ERR_TOKEN_MISSING' },
    })
  }
})

test('puts nothing from a token into events or errors', async () => {
  const events: AuthorizerEvent[] = []
  const handler = createAuthorizer(verifier, { onEvent: (event) => events.push(event) })
  const marked = await issuer.accessToken({
    iss: 'https://marker.example',
    sub: 'marker',
    exp: 'marker',
    scope: 'marker',
  })
  const [, payload = ''] = marked.split('.')

  const error: unknown = await handler(
    createAuthorizerEvent('rest-request', {
      token: marked,
      path: '/marker',
      resource: '/{proxy+}',
    }),
  ).catch((thrown: unknown) => thrown)

  const output = inspect([events, error], { depth: 10 })
  expect(output).toContain('ERR_CLAIM_ISSUER')
  expect(output).not.toContain('marker')
  expect(output).not.toContain(payload)
})

test('reports an unknown event without a gateway', async () => {
  const events: AuthorizerEvent[] = []
  const handler = createAuthorizer(unusedVerifier, { onEvent: (event) => events.push(event) })

  const answer = handler({ Records: [] })

  await expect(answer).rejects.toMatchObject({
    message: 'The authorizer could not decide (ERR_CONFIG_INVALID)',
  })
  expect(events).toMatchObject([
    {
      type: 'authorizer.failed',
      gateway: undefined,
      error: expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }),
    },
  ])
})

test('sets the reason of a rejection as the cause of the error', async () => {
  const handler = createAuthorizer(verifier)

  const answer = handler(createAuthorizerEvent('rest-request', { token: 'abc' }))

  await expect(answer).rejects.toMatchObject({ cause: { code: 'ERR_TOKEN_MALFORMED' } })
})

test('recognises a rejection from another copy of the package', async () => {
  vi.resetModules()
  const other = await import('jwt-gate')
  const refusal = new other.TokenError('ERR_TOKEN_EXPIRED')
  const handler = createAuthorizer({
    ...unusedVerifier,
    verify: () => Promise.reject(refusal),
  })

  const answer = handler(createAuthorizerEvent('rest-request', { token: 'abc' }))

  expect(refusal).not.toBeInstanceOf(TokenError)
  await expect(answer).rejects.toMatchObject({ message: 'Unauthorized', cause: refusal })
})

test('fails with its own message if a verifier rejects with a value that is not an Error', async () => {
  const handler = createAuthorizer({
    ...unusedVerifier,
    verify: () => Promise.reject('Unauthorized'),
  })

  const answer = handler(createAuthorizerEvent('http-2.0', { token: 'abc' }))

  await expect(answer).rejects.toMatchObject({
    message: 'The authorizer could not decide',
    cause: 'Unauthorized',
  })
})

test.each<[string, object, object]>([
  ['returns a result', { token: await issuer.accessToken() }, { isSettled: true }],
  ['rejects', { token: 'abc' }, { isSettled: true }],
])('%s only after all key fetches have ended', async (_, request) => {
  let isSettled = false
  const handler = createAuthorizer({
    ...verifier,
    settled: async () => {
      await new Promise((resolve) => setImmediate(resolve))
      isSettled = true
    },
  })

  await handler(createAuthorizerEvent('rest-request', request)).catch(() => undefined)

  expect(isSettled).toBe(true)
})

test('returns only after a background refresh has ended', async () => {
  let time = now()
  const own = await createTestIssuer({ now: () => time })
  const refreshing = createVerifier(
    { issuer: own.issuer, audience: null, jwksUri: own.jwksUri },
    { fetch: own.fetch, now: () => time, jwks: { maxAgeMs: 600_000 } },
  )
  const handler = createAuthorizer(refreshing)
  const event = createAuthorizerEvent('rest-request', { token: await own.accessToken() })
  await handler(event)
  // after 0.8 of their lifetime, keys are refreshed in the background
  time += 500_000

  await handler(event)

  expect(own.requests).toBe(2)
  expect(await isSettledNow(refreshing.settled())).toBe(true)
})

/** Whether a promise resolves without waiting for I/O. */
async function isSettledNow(promise: Promise<void>): Promise<boolean> {
  const later = new Promise<false>((resolve) => setImmediate(() => resolve(false)))
  return Promise.race([promise.then(() => true as const), later])
}
