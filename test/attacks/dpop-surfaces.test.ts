/**
 * Surfaces that get only a token: they reject bound tokens, whatever the verifier takes elsewhere.
 */
import { type McpErrorsV2, mcpTokenVerifier } from 'jwt-gate/express'
import { mcpTokenVerifier as forWebRequests } from 'jwt-gate/fetch'
import { createAppSyncAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { createBound } from '../verify/support/bound.ts'

const RESOURCE = 'https://mcp.example.com/mcp'
const OAuthError: McpErrorsV2['OAuthError'] = class extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}
const { issuer, client, verifier } = await createBound()
const bound = await issuer.accessToken({ cnf: client.cnf, aud: RESOURCE })
const plain = await issuer.accessToken({ aud: RESOURCE })

test.each([
  ['jwt-gate/express', mcpTokenVerifier],
  ['jwt-gate/fetch', forWebRequests],
])('mcpTokenVerifier of %s', async (_entry, create) => {
  const { verifyAccessToken } = create(verifier, { resource: RESOURCE, errors: { OAuthError } })

  await expect(verifyAccessToken(plain)).resolves.toMatchObject({ token: plain })
  await expect(verifyAccessToken(bound)).rejects.toMatchObject({ code: 'invalid_token' })
})

test('createAppSyncAuthorizer', async () => {
  const handler = createAppSyncAuthorizer(verifier)
  const ask = (token: string) => handler(createAuthorizerEvent('appsync-graphql', { token }))

  expect(await ask(plain)).toMatchObject({ isAuthorized: true })
  expect(await ask(bound)).toMatchObject({ isAuthorized: false })
  expect(await ask(`DPoP ${bound}`)).toMatchObject({ isAuthorized: false })
})
