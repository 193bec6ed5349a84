/**
 * `onEvent`, and that the answer waits for the keys that are being fetched.
 */
import { inspect } from 'node:util'
import { createVerifier, TokenError } from 'jwt-gate'
import { type AuthorizerEvent, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { expect, test, vi } from 'vitest'
import { createTestVerifier, now, unusedVerifier } from './setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createTestVerifier(issuer)

test('tells nothing of a good token', async () => {
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
  ['fails later', () => Promise.reject(new Error('listener'))],
])('is not disturbed by a listener that %s', async (_, onEvent) => {
  const handler = createAuthorizer(verifier, { onEvent })

  const answer = handler(createAuthorizerEvent('rest-request'))

  await expect(answer).rejects.toMatchObject({ message: 'Unauthorized' })
})

test('repeats nothing of a token: neither in an event nor in an error', async () => {
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
    createAuthorizerEvent('rest-request', { token: marked, path: '/marker' }),
  ).catch((thrown: unknown) => thrown)

  const told = inspect([events, error], { depth: 10 })
  expect(told).toContain('ERR_CLAIM_ISSUER')
  expect(told).not.toContain('marker')
  expect(told).not.toContain(payload)
})

test('says which event it could not make anything of, without a kind of API', async () => {
  const events: AuthorizerEvent[] = []
  const handler = createAuthorizer(unusedVerifier, { onEvent: (event) => events.push(event) })

  const answer = handler({ Records: [] })

  await expect(answer).rejects.toMatchObject({
    message: 'The authorizer could not decide (ERR_CONFIG_INVALID)',
  })
  expect(events).toEqual([
    {
      type: 'authorizer.failed',
      gateway: undefined,
      error: expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }),
    },
  ])
})

test('keeps why a token was refused as the cause of the error', async () => {
  const handler = createAuthorizer(verifier)

  const answer = handler(createAuthorizerEvent('rest-request', { token: 'abc' }))

  await expect(answer).rejects.toMatchObject({ cause: { code: 'ERR_TOKEN_MALFORMED' } })
})

test('knows a refusal by another copy of the package', async () => {
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

test('fails with its own message where a verifier rejects with something that is no error', async () => {
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
  ['answers', { token: await issuer.accessToken() }, { isSettled: true }],
  ['refuses', { token: 'abc' }, { isSettled: true }],
])('%s only once no fetch of keys is in flight', async (_, request) => {
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

test('answers with the refreshed keys in place', async () => {
  let time = now()
  const own = await createTestIssuer({ now: () => time })
  const refreshing = createVerifier(
    { issuer: own.issuer, audience: null, jwksUri: own.jwksUri },
    { fetch: own.fetch, now: () => time, jwks: { maxAgeMs: 600_000 } },
  )
  const handler = createAuthorizer(refreshing)
  const event = createAuthorizerEvent('rest-request', { token: await own.accessToken() })
  await handler(event)
  // past 0.8 of their lifetime keys are refreshed in the background
  time += 500_000

  await handler(event)

  expect(own.requests).toBe(2)
  expect(await isSettledNow(refreshing.settled())).toBe(true)
})

/** Whether a promise resolves without waiting for any I/O. */
async function isSettledNow(promise: Promise<void>): Promise<boolean> {
  const later = new Promise<false>((resolve) => setImmediate(() => resolve(false)))
  return Promise.race([promise.then(() => true as const), later])
}
