/**
 * An authorizer must not allow more than its route map, neither on the requested route nor on any other that a cached policy
 * applies to (AWS: Lambda authorizers, policy caching). Policies are evaluated by an IAM evaluator.
 */
import { type AccessRule, createVerifier } from 'jwt-gate'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { isAllowedByIam, type Statement } from '../lambda-authorizer/iam.ts'
import { claimsOf, now, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createVerifier(trust(issuer), { now })
const API = 'arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5'
const access: Record<string, AccessRule> = {
  'GET /orders': {},
  'POST /orders': { scopes: ['write'] },
  'GET /orders/{id}': {},
  'DELETE /orders/{id}': { groups: ['admin'] },
  'ANY /admin/{proxy+}': { groups: ['admin'] },
}
const ADMIN = { scope: 'write', groups: ['admin'] }

/** Whether a token may use `request` under the policy that was created for `asked` and is reused. */
async function isAllowed(claims: object, asked: string, request: string): Promise<boolean> {
  const [method, path] = asked.split(' ') as [string, string]
  const token = await issuer.token({ ...claimsOf(issuer), ...claims })
  const event = createAuthorizerEvent('rest-request', { token, method, path })
  const { policyDocument } = await createAuthorizer(verifier, { access })(event)
  return isAllowedByIam(
    policyDocument.Statement as Statement[],
    `${API}/prod/${request.replace(' ', '')}`,
  )
}

const ATTACKS: [string, object][] = [
  ['POST /orders', {}],
  ['POST /orders', { scope: 'write/x writes' }],
  ['POST /orders', { groups: ['admin'] }],
  ['DELETE /orders/7', {}],
  ['DELETE /orders/7', { scope: 'admin write' }],
  ['DELETE /orders/7', { groups: ['administrator'] }],
  ['GET /admin/users', {}],
  ['PATCH /admin/users/7/roles', { scope: 'write' }],
  ['GET /admin/*', {}],
]

describe.each(['GET /orders', 'GET /orders/7', 'GET /orders/*'])('the policy for %s', (asked) => {
  test.each(ATTACKS)('does not allow %s to a token with %j', async (request, claims) => {
    expect(await isAllowed(ADMIN, asked, request)).toBe(true)
    expect(await isAllowed(claims, asked, request)).toBe(false)
  })

  test.each([
    'PUT /orders',
    'PATCH /orders/7',
    'DELETE /orders',
    'GET /',
    'GET /admin',
    'GET /order',
    'GET /orders2',
    'GET /ORDERS',
    'GET /users',
    'get /orders',
  ])('does not allow %s to anyone, because no route matches it', async (request) => {
    expect(await isAllowed(ADMIN, asked, 'GET /orders')).toBe(true)
    expect(await isAllowed(ADMIN, asked, request)).toBe(false)
  })
})

describe('the policy without a map', () => {
  test.each([
    'GET/*',
    `GET/\${aws:username}`,
    'GET/?',
    'GET/../../other/prod/GET/x',
    'GET/a:b/c',
    'GET/arn:aws:execute-api:*:*:*/*',
  ])('is no wider after a request for %s', async (request) => {
    const token = await issuer.token(claimsOf(issuer))
    const plain = createAuthorizerEvent('rest-request', { token, path: '/x' })
    const event = { ...plain, methodArn: `${API}/prod/${request}` }
    const handler = createAuthorizer(verifier)

    const attack = await handler(event)

    expect(attack.policyDocument.Statement).toEqual([
      { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: `${API}/prod/*` },
    ])
    expect(attack).toEqual(await handler(plain))
  })

  test.each([
    `${API}/*/GET/x`,
    `${API.replace('a1b2c3d4e5', '*')}/prod/GET/x`,
    `${API.replace('123456789012', '*')}/prod/GET/x`,
    `${API.replace('eu-west-1', '*')}/prod/GET/x`,
    `${API.replace('execute-api', '*')}/prod/GET/x`,
    'arn:aws:iam::123456789012:user/x',
    '*',
    '',
  ])('is not created for the ARN %j', async (methodArn) => {
    const token = await issuer.token(claimsOf(issuer))
    const event = { ...createAuthorizerEvent('rest-request', { token }), methodArn }

    const work = createAuthorizer(verifier)(event)

    await expect(work).rejects.toThrow('The authorizer could not decide (ERR_CONFIG_INVALID)')
  })
})

/** The effect of the response, or the message of the error. */
const answerTo = (event: unknown): Promise<string> =>
  createAuthorizer(verifier)(event).then(
    ({ policyDocument }) => policyDocument.Statement.map(({ Effect }) => Effect).join(),
    (error: Error) => error.message,
  )

describe.each(['rest-request', 'rest-token', 'http-1.0', 'http-2.0', 'websocket'] as const)(
  'no bad token gets an Allow from the authorizer of %s',
  (gateway) => {
    const answer = (token: string | undefined): Promise<string> =>
      answerTo(createAuthorizerEvent(gateway, { token, path: '/orders' }))

    test.each<[string, () => Promise<string> | undefined]>([
      ['no token', () => undefined],
      ['text', async () => 'a.b.c'],
      ['an expired token', () => issuer.token({ ...claimsOf(issuer), exp: 1 })],
      ['a token for another audience', () => issuer.token({ ...claimsOf(issuer), aud: 'x' })],
      [
        'alg none',
        () => issuer.token(claimsOf(issuer), { header: { alg: 'none' }, sign: () => '' }),
      ],
      ['a forged signature', () => issuer.token(claimsOf(issuer), { sign: () => 'AAAA' })],
    ])('%s', async (_, mint) => {
      const good = await issuer.token(claimsOf(issuer))

      expect(await answer(good)).toBe('Allow')
      expect(await answer(await mint())).toBe(gateway.startsWith('http') ? 'Deny' : 'Unauthorized')
    })
  },
)

describe.each(['rest-request', 'http-1.0', 'http-2.0', 'websocket'] as const)(
  'a good token beside another one is not accepted in an event of %s',
  (gateway) => {
    test.each([
      ['twice', (good: string) => [`Bearer ${good}`, `Bearer ${good}`]],
      ['before a bad one', (good: string) => [`Bearer ${good}`, 'Bearer a.b.c']],
      ['after a bad one', (good: string) => ['Bearer a.b.c', `Bearer ${good}`]],
      ['after Basic', (good: string) => ['Basic YTpi', `Bearer ${good}`]],
    ])('%s', async (_, toHeaders) => {
      const good = await issuer.token(claimsOf(issuer))
      const answerWith = (Authorization: string[]) =>
        answerTo(createAuthorizerEvent(gateway, { headers: { Authorization } }))

      expect(await answerWith([`Bearer ${good}`])).toBe('Allow')
      expect(await answerWith(toHeaders(good))).toBe(
        gateway.startsWith('http') ? 'Deny' : 'Unauthorized',
      )
    })
  },
)
