/**
 * A user wraps a verifier that asks for proofs, presents the proofs by themselves, and shows the authorizer nothing but the methods.
 * API Gateway and AppSync must still not use the answer for a bound token again, for somebody who has the token alone (RFC 9449 s2).
 */
import type { Verifier } from 'jwt-gate'
import { createAppSyncAuthorizer, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { createBound } from '../verify/support/bound.ts'

async function start() {
  const { verifier, token, present } = await createBound()
  const { verifySync, hydrate, settled, close } = verifier
  const verify = async (one: string) => verifier.verify(one, await present())
  const wrapped = { verify, verifySync, hydrate, settled, close } as Verifier
  return { wrapped, token }
}

test.each(['policy', 'simple'] as const)('no %s that may be cached', async (response) => {
  const { wrapped, token } = await start()
  const handler = createAuthorizer(wrapped, { response })
  const event = createAuthorizerEvent('http-2.0', { token })

  await expect(handler(event)).rejects.toMatchObject({
    message: 'The authorizer could not decide (ERR_CONFIG_INVALID)',
    cause: { message: expect.stringContaining('results are not cached') },
  })
  await expect(handler({ ...event, identitySource: [] })).resolves.toBeDefined()
})

test.each(['appsync-graphql', 'appsync-events'] as const)(
  'no time to live for %s',
  async (kind) => {
    const { wrapped, token } = await start()
    const handler = createAppSyncAuthorizer(wrapped, { ttlSeconds: 300 })

    const result = await handler(createAuthorizerEvent(kind, { token }))

    expect(result).toMatchObject({ isAuthorized: true, ttlOverride: 0 })
  },
)
