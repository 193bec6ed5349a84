/**
 * The `principalId` of a policy.
 */
import { createVerifier } from 'jwt-gate'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer, type TestClaims } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { createTestVerifier, now, policy } from '../setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createTestVerifier(issuer)

async function call(
  principalId?: () => unknown,
  claims?: TestClaims,
): Promise<{ readonly principalId: string }> {
  const handler = createAuthorizer(verifier, { principalId: principalId as () => string })
  const token = await issuer.accessToken(claims)
  return handler(createAuthorizerEvent('rest-request', { token }))
}

test('is the subject', async () => {
  const { principalId } = await call(undefined, { sub: 'alice' })

  expect(principalId).toBe('alice')
})

test('is the client if there is no subject', async () => {
  const { principalId } = await call(undefined, { sub: undefined })

  expect(principalId).toBe(issuer.clientId)
})

test('is the party of azp if there is neither a subject nor a client', async () => {
  const anyClient = createVerifier(
    { issuer: issuer.issuer, audience: null, jwks: issuer.jwks },
    { now },
  )
  const token = await issuer.accessToken({
    sub: undefined,
    client_id: undefined,
    azp: 'batch-jobs',
  })

  const { principalId } = await createAuthorizer(anyClient)(
    createAuthorizerEvent('rest-request', { token }),
  )

  expect(principalId).toBe('batch-jobs')
})

test('is never the party of azp beside a client or a subject', async () => {
  expect((await call(undefined, { azp: 'other' })).principalId).not.toBe('other')
  expect((await call(undefined, { sub: undefined, azp: 'other' })).principalId).toBe(
    issuer.clientId,
  )
})

test('handles a rejected promise, so that the process does not end', async () => {
  const answer = call(() => Promise.reject(new Error('too late')))

  await expect(answer).rejects.toMatchObject({
    cause: { message: '"principalId" must return a non-empty string' },
  })
})

test('is the return value of the option', async () => {
  const handler = createAuthorizer(verifier, {
    principalId: ({ issuer: from, claims }) => `${from}#${claims.sub}`,
  })
  const token = await issuer.accessToken({ sub: 'alice' })

  const { principalId } = await handler(createAuthorizerEvent('rest-request', { token }))

  expect(principalId).toBe(`${issuer.issuer}#alice`)
})

test.each([undefined, null, '', 7, Promise.resolve('alice')])(
  'is never %j: the handler fails',
  async (given) => {
    await expect(call(() => given)).rejects.toMatchObject({
      message: 'The authorizer could not decide (ERR_CONFIG_INVALID)',
      cause: { message: '"principalId" must return a non-empty string' },
    })
  },
)

test('must be set for tokens without a subject and a client', async () => {
  const anyClient = createVerifier(
    { issuer: issuer.issuer, audience: null, jwks: issuer.jwks },
    { now },
  )
  const token = await issuer.accessToken({ sub: undefined, client_id: undefined })
  const event = createAuthorizerEvent('rest-request', { token })

  const answer = createAuthorizer(anyClient)(event)
  const set = await createAuthorizer(anyClient, { principalId: () => 'somebody' })(event)

  await expect(answer).rejects.toMatchObject({
    cause: { message: expect.stringContaining('"principalId"') },
  })
  expect(set.principalId).toBe('somebody')
})

test('contains nothing from a rejected token', async () => {
  const handler = createAuthorizer(verifier, { unauthorized: 'deny', principalId: () => 'alice' })
  const token = await issuer.accessToken({ sub: 'alice', exp: 1 })

  const result = await handler(createAuthorizerEvent('rest-request', { token }))

  expect(result).toEqual({
    principalId: 'unverified',
    policyDocument: policy('Deny', 'arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/*'),
  })
})
