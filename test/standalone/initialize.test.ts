/**
 * The init phase: it loads the keys, and never fails because of them.
 */
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { POOL } from './environments.ts'
import { deploy, now } from './setup.ts'

const issuer = await createTestIssuer({ now })

test('loads the keys, so that the first call fetches none', async () => {
  const before = issuer.requests
  const { handler, initialize } = deploy(POOL, issuer)

  await initialize()
  const inInit = issuer.requests - before
  await handler(createAuthorizerEvent('rest-request', { token: await issuer.accessToken() }))

  expect(inInit).toBe(1)
  expect(issuer.requests - before).toBe(1)
})

test.each(['down', 'garbage', 'empty'] as const)(
  'does not fail if the endpoint is %s',
  async (failure) => {
    issuer.fail(failure)
    const { handler, initialize } = deploy(POOL, issuer)
    const event = createAuthorizerEvent('rest-request', { token: await issuer.accessToken() })

    await expect(initialize()).resolves.toBeUndefined()
    const answer = handler(event)

    await expect(answer).rejects.toThrow(/^The authorizer could not decide \(ERR_JWKS_/)
    issuer.fail(null)
  },
)
