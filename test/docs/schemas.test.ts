/**
 * What docs/issuers.md says about schemas: what they return takes the place of the claims, and what still reads the token.
 */
import { authorize, cognito, createVerifier } from 'jwt-gate'
import { claimsFromEvent, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createHandlerEvent, createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'

const issuer = await createTestIssuer()
const { userPoolId, clientId, fetch } = issuer
const pool = { userPoolId, clientId, tokenUse: 'access' } as const
const rule = { scopes: ['orders/read'] }
const token = await issuer.accessToken({ sub: 'alice', scope: 'orders/read' })

const strips = createVerifier(cognito({ ...pool, claims: z.object({ username: z.string() }) }), {
  fetch,
})
const keeps = createVerifier(
  cognito({ ...pool, claims: z.looseObject({ username: z.string() }) }),
  { fetch },
)

/** What a handler behind an authorizer with this verifier gets. */
async function claimsBehind(verifier: typeof strips | typeof keeps) {
  const access = { 'GET /orders': rule }
  const result = await createAuthorizer<object>(verifier, { access })(
    createAuthorizerEvent('http-2.0', { token, path: '/orders' }),
  )
  const { context } = result as { context: Record<string, unknown> }
  const claims = claimsFromEvent(createHandlerEvent('http-2.0-lambda', { context }))
  return { context, claims }
}

test('z.object removes all other claims, z.looseObject does not', async () => {
  expect((await strips.verify(token)).claims).toEqual({ username: 'alice' })
  expect((await keeps.verify(token)).claims).toMatchObject({ username: 'alice', sub: 'alice' })
})

test('where the token is verified, rules read the claims of the token', async () => {
  const verified = await strips.verify(token)

  expect(() => authorize(verified, rule)).not.toThrow()
})

test('behind an authorizer, only what the schema returned is there', async () => {
  const { context, claims } = await claimsBehind(strips)

  expect(claims).toEqual({ username: 'alice' })
  expect(() => authorize(claims, rule)).toThrow('The token lacks a required scope')
  expect(context).toMatchObject({ sub: 'alice', scope: 'orders/read' })
})

test('behind an authorizer, a schema that keeps claims changes no rule', async () => {
  const { claims } = await claimsBehind(keeps)

  expect(claims.exp).toEqual(expect.any(Number))
  expect(() => authorize(claims, rule)).not.toThrow()
})
