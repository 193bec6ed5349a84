/**
 * Route maps: the decision of a result for each route.
 */

import { type CognitoAccessClaims, KeysError } from 'jwt-gate'
import {
  type AuthorizerEvent,
  type AuthorizerOptions,
  createAuthorizer,
} from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test, vi } from 'vitest'
import { isAllowedByIam } from '../iam.ts'
import { createTestVerifier, NOW, policy } from '../setup.ts'

const issuer = await createTestIssuer({ now: () => NOW })
const verifier = createTestVerifier(issuer)
const reader = await issuer.machineToken({ scope: 'read' })
const writer = await issuer.machineToken({ scope: 'read write' })
const API = 'arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod'
const access = {
  'GET /profile': {},
  'GET /orders/{id}': { scopes: ['read'] },
  'POST /orders': { scopes: ['write'] },
  'ANY /admin/{proxy+}': { groups: ['admin'] },
}

/** Patterns for paths not in normal form, on any API and stage; `%6` for the encoded letters a to o, which the map contains. */
const SPELLINGS = [
  ...['/*', '*/', './*', '../*', '.', '..'],
  ...['%%', '%?%', '\\', '%2E', '%2e', '%2F', '%2f', '%5C', '%5c', '%25', '%6'].map(
    (text) => `*${text}*`,
  ),
].map((path) => `arn:aws:execute-api:*:*:*/*/*/${path}`)

type Options = AuthorizerOptions<CognitoAccessClaims, 'policy'>

async function answer(
  options: Options,
  token: string,
  method: string,
  path: string,
): Promise<unknown> {
  const authorizer = createAuthorizer(verifier, options)
  const { policyDocument, ...rest } = (await authorizer(
    createAuthorizerEvent('rest-request', { token, method, path }),
  )) as { policyDocument?: { Statement: { Effect: string; Resource: string | string[] }[] } }
  return policyDocument?.Statement ?? rest
}

describe('a policy for all routes', () => {
  test.each([
    ['reader', reader, [true, true, false, false]],
    ['writer', writer, [true, true, true, false]],
  ])('is the same for each requested route: %s', async (_name, token, wanted) => {
    const requests = ['GET/profile', 'GET/orders/7', 'POST/orders', 'DELETE/admin/users/7']
    const unlisted = ['GET/orders/7/items', 'GET/orders/', 'GET/', 'DELETE/profile', 'GET/admin/']

    for (const asked of [...requests, ...unlisted]) {
      const [method = '', ...path] = asked.split('/')
      const statements = (await answer({ access }, token, method, `/${path.join('/')}`)) as never
      const isAllowed = (one: string) => isAllowedByIam(statements, `${API}/${one}`)
      expect(requests.map(isAllowed), asked).toEqual(wanted)
      expect(unlisted.map(isAllowed), asked).toEqual(unlisted.map(() => false))
    }
  })

  test('is found with one question to each check, also if it denies the request', async () => {
    const check = vi.fn(() => false)

    await answer({ access: { ...access, 'GET /mine': { check } } }, reader, 'GET', '/mine')

    expect(check).toHaveBeenCalledOnce()
  })

  test('never contains text from the client', async () => {
    const statements = await answer({ access }, reader, 'GET', '/orders/*/\x24{aws:x}?')

    expect(JSON.stringify(statements)).not.toContain('aws:x')
  })

  test('denies the whole stage to a token that may use no route', async () => {
    const only = { 'GET /a': { groups: ['admin'] } }

    const statements = await answer({ access: only }, reader, 'GET', '/a')

    expect({ Version: '2012-10-17', Statement: statements }).toEqual(policy('Deny', `${API}/*`))
  })

  test('denies no more than necessary', async () => {
    const map = { 'GET /a': {}, 'GET /{id}/b': {}, 'GET /c': { scopes: ['write'] } }

    const exact = await answer({ access: map }, reader, 'GET', '/a')
    const plain = await answer({ access: { 'GET /a': {}, 'GET /c': {} } }, reader, 'GET', '/a')

    const Action = 'execute-api:Invoke'
    expect(exact).toEqual([
      { Action, Effect: 'Allow', Resource: [`${API}/GET/*/b`, `${API}/GET/a`] },
      { Action, Effect: 'Deny', Resource: [`${API}/GET/*/*/b`, ...SPELLINGS] },
    ])
    expect(plain).toEqual([{ Action, Effect: 'Allow', Resource: [`${API}/GET/c`, `${API}/GET/a`] }])
  })

  test('is reported with the reason if it denies the request', async () => {
    const events: AuthorizerEvent[] = []
    const onEvent = (event: AuthorizerEvent) => void events.push(event)

    await answer({ access, onEvent }, reader, 'POST', '/orders')
    await answer({ access, onEvent }, reader, 'GET', '/nowhere')

    expect(events).toMatchObject([
      { type: 'authorizer.refused', error: { code: 'ERR_ACCESS_SCOPE' } },
      { type: 'authorizer.refused', error: { code: 'ERR_ACCESS_DENIED' } },
    ])
  })

  test('is not reported if it allows the request', async () => {
    const onEvent = vi.fn()

    await answer({ access, onEvent }, reader, 'GET', '/orders/7')
    await answer({ access, onEvent }, reader, 'GET', '/profile')

    expect(onEvent).not.toHaveBeenCalled()
  })

  test('is not created if the rule of the request fails because of an outage', async () => {
    const check = () => {
      throw new KeysError('ERR_JWKS_UNAVAILABLE')
    }
    const map = { 'GET /a': { check }, 'GET /b': {} }

    // all rules apply to a path that is not in normal form
    for (const [path, policy] of [
      ['/a', 'stage'],
      ['/b/', 'stage'],
      ['/b/', 'request'],
    ] as const) {
      const failed = answer({ access: { ...map, 'GET /{p+}': {} }, policy }, reader, 'GET', path)

      await expect(failed).rejects.toThrow('could not decide (ERR_JWKS_UNAVAILABLE)')
    }
    expect(await answer({ access: map }, reader, 'GET', '/b')).toMatchObject([{ Effect: 'Allow' }])
  })

  test('denies only the route whose check throws an error of its own', async () => {
    const broken = {
      'GET /a': {
        check: () => {
          throw new Error('broken')
        },
      },
      'GET /b': {},
    }

    const statements = (await answer({ access: broken }, reader, 'GET', '/a')) as never

    expect(isAllowedByIam(statements, `${API}/GET/a`)).toBe(false)
    expect(isAllowedByIam(statements, `${API}/GET/b`)).toBe(true)
  })
})

describe('a result for one request', () => {
  const byRequest = { access, policy: 'request' } as const

  test('allows only this request', async () => {
    const allowed = await answer(byRequest, reader, 'GET', '/orders/7')
    const denied = await answer(byRequest, reader, 'POST', '/orders')

    expect(allowed).toEqual([
      { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: `${API}/GET/orders/7` },
    ])
    expect(denied).toMatchObject([{ Effect: 'Deny' }])
  })

  test.each(['/orders/*', '/orders/a?b', '/orders/\x24{aws:username}'])(
    'denies %s, which would be a pattern in a policy',
    async (path) => {
      expect(await answer(byRequest, reader, 'GET', path)).toMatchObject([{ Effect: 'Deny' }])
      expect(await answer({ policy: 'request' }, reader, 'GET', path)).toMatchObject([
        { Effect: 'Deny' },
      ])
    },
  )

  test.each([
    ['a route that is not in the map', { access }, '/nowhere', 'no_route'],
    ['$connect, which is not a path', { access: { $connect: {} } }, '/$connect', 'no_route'],
    ['a star from the client', { access }, '/orders/*', undefined],
    ['a path in another spelling', { access }, '/orders/a%2Fb', undefined],
  ])('is rejected with a code: %s', async (_title, map, path, reason) => {
    const events: AuthorizerEvent[] = []
    const onEvent = (event: AuthorizerEvent) => void events.push(event)

    await answer({ ...map, policy: 'request', onEvent }, reader, 'GET', path)

    const refused = events.map((one) => (one.type === 'authorizer.refused' ? one.error : one))
    expect(refused).toMatchObject([{ code: 'ERR_ACCESS_DENIED' }])
    expect(refused.map((one) => 'reason' in one && one.reason)).toEqual([reason ?? false])
  })

  test('can be a simple response', async () => {
    const authorizer = createAuthorizer(verifier, { ...byRequest, response: 'simple' })
    const ask = (method: string, path: string) =>
      authorizer(createAuthorizerEvent('http-2.0', { token: reader, method, path }))

    expect(await ask('GET', '/orders/7')).toMatchObject({ isAuthorized: true })
    expect(await ask('POST', '/orders')).toEqual({ isAuthorized: false })
  })
})
