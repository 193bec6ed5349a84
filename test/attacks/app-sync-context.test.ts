/**
 * A `context` function of AppSync that copies claims: no claim may take the place of all claims in the function behind it.
 */
import { claimsFromEvent, createAppSyncAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createTestVerifier, now } from '../lambda-authorizer/setup.ts'

const issuer = await createTestIssuer({ now })
const copyAll = ({ claims }: { claims: object }) =>
  Object.fromEntries(Object.entries(claims).filter(([, value]) => typeof value !== 'object'))
const authorizer = createAppSyncAuthorizer(createTestVerifier(issuer), {
  context: copyAll as never,
})

/** What a resolver reads for a token. */
async function readFor(claims: Record<string, unknown>): Promise<Record<string, unknown>> {
  const token = await issuer.accessToken(claims)
  const result = await authorizer(createAuthorizerEvent('appsync-graphql', { token }))
  const { resolverContext: context } = result as { resolverContext: Record<string, string> }
  return claimsFromEvent({ identity: { resolverContext: context } }) as never
}

test('the control: other claims are read', async () => {
  expect(await readFor({ sub: 'mallory', tenant: 'a' })).toMatchObject({
    sub: 'mallory',
    tenant: 'a',
  })
})

describe('a claim named jwt', () => {
  const admin = '{"sub":"admin","cognito:groups":["admin"]}'

  test.each([
    ['as JSON', admin],
    ['in base64url', Buffer.from(admin).toString('base64url')],
  ])('%s is no set of claims', async (_, jwt) => {
    await expect(readFor({ sub: 'mallory', jwt })).rejects.toMatchObject({
      code: 'ERR_CLAIMS_PARTIAL',
    })
  })
})
