/**
 * Route maps: what an answer says of each route, and which maps are refused.
 */

import type { CognitoAccessClaims } from 'jwt-gate'
import {
  type AuthorizerEvent,
  type AuthorizerOptions,
  createAuthorizer,
} from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { isAllowedByIam } from './iam.ts'
import { createTestVerifier, NOW, policy, unusedVerifier } from './setup.ts'

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
  ])('says the same whichever route was asked for: %s', async (_name, token, wanted) => {
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

  test('never makes a pattern of what the client sent', async () => {
    const statements = await answer({ access }, reader, 'GET', '/orders/*/\x24{aws:x}?')

    expect(JSON.stringify(statements)).not.toContain('aws:x')
  })

  test('denies the whole stage to a token that may use no route', async () => {
    const only = { 'GET /a': { groups: ['admin'] } }

    const statements = await answer({ access: only }, reader, 'GET', '/a')

    expect({ Version: '2012-10-17', Statement: statements }).toEqual(policy('Deny', `${API}/*`))
  })

  test('tells why the request that was asked for is refused', async () => {
    const events: AuthorizerEvent[] = []
    const onEvent = (event: AuthorizerEvent) => void events.push(event)

    await answer({ access, onEvent }, reader, 'POST', '/orders')
    await answer({ access, onEvent }, reader, 'GET', '/nowhere')

    expect(events).toMatchObject([
      { type: 'authorizer.refused', error: { code: 'ERR_ACCESS_SCOPE' } },
      { type: 'authorizer.refused', error: { code: 'ERR_ACCESS_DENIED' } },
    ])
  })

  test('a rule that throws something of its own denies, and one that asks for all scopes is kept apart', async () => {
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

describe('an answer for one request', () => {
  const byRequest = { access, policy: 'request' } as const

  test('allows it alone', async () => {
    const allowed = await answer(byRequest, reader, 'GET', '/orders/7')
    const denied = await answer(byRequest, reader, 'POST', '/orders')

    expect(allowed).toEqual([
      { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: `${API}/GET/orders/7` },
    ])
    expect(denied).toMatchObject([{ Effect: 'Deny' }])
  })

  test.each(['/orders/*', '/orders/a?b', '/orders/\x24{aws:username}'])(
    'denies %s, which a policy would read as more',
    async (path) => {
      expect(await answer(byRequest, reader, 'GET', path)).toMatchObject([{ Effect: 'Deny' }])
      expect(await answer({ policy: 'request' }, reader, 'GET', path)).toMatchObject([
        { Effect: 'Deny' },
      ])
    },
  )

  test('may be a simple response', async () => {
    const authorizer = createAuthorizer(verifier, { ...byRequest, response: 'simple' })
    const ask = (method: string, path: string) =>
      authorizer(createAuthorizerEvent('http-2.0', { token: reader, method, path }))

    expect(await ask('GET', '/orders/7')).toMatchObject({ isAuthorized: true })
    expect(await ask('POST', '/orders')).toEqual({ isAuthorized: false })
  })
})

describe('a WebSocket API', () => {
  const connect = (options: Options) =>
    createAuthorizer(verifier, options)(createAuthorizerEvent('websocket', { token: reader }))

  test('has the one route $connect', async () => {
    const { policyDocument } = await connect({ access: { $connect: { scopes: ['read'] } } })

    expect(policyDocument).toEqual(policy('Allow', `${API}/$connect`))
  })

  test.each<[string, Options['access']]>([
    ['a rule that says no', { $connect: { scopes: ['write'] } }],
    ['no such route', { $default: {} }],
  ])('is denied by %s', async (_title, map) => {
    const { policyDocument } = await connect({ access: map })

    expect(policyDocument).toEqual(policy('Deny', `${API}/*`))
  })
})

describe('maps that are refused at construction', () => {
  const many = Object.fromEntries(
    Array.from({ length: 60 }, (_, n) => [`GET /route-${n}/{id}`, {}]),
  )
  const tangled = Object.fromEntries(
    Array.from({ length: 14 }, (_, n) => [
      `GET /${Array.from({ length: 14 }, (_, at) => (at === n ? 'x' : '{id}')).join('/')}`,
      {},
    ]),
  )
  test.each<[string, unknown, RegExp]>([
    ['no map', null, /"access"/],
    ['an empty one', {}, /at least one route/],
    ['no route key', { profile: {} }, /"profile"/],
    ['an unknown method', { 'FETCH /a': {} }, /FETCH/],
    ['a star in a path', { 'GET /a*': {} }, /plain text/],
    ['a variable within a segment', { 'GET /a-{id}': {} }, /plain text/],
    ['{proxy+} in the middle', { 'GET /{proxy+}/a': {} }, /last/],
    ['a rule that is none', { 'GET /a': { scope: ['x'] } }, /"scope"/],
    ['the same route twice', { 'GET /{a}': {}, 'GET /{b}': {} }, /same route/],
    [
      'routes that APIs choose between differently',
      { 'GET /a/{p+}': {}, 'GET /{x}/b': {} },
      /choose differently/,
    ],
    ['a route that is too deep', { [`GET ${'/a'.repeat(40)}`]: {} }, /too long/],
    ['a route that is too long', { [`GET /${'a'.repeat(500)}`]: {} }, /too long/],
    ['more than fits', many, /8 KB/],
    ['a tangle', tangled, /"access"/],
  ])('%s', (_title, map, message) => {
    expect(() => createAuthorizer(unusedVerifier, { access: map as never })).toThrow(message)
  })

  test('one that cannot be exact, unless that is accepted', () => {
    const map = { 'GET /orders/{id}': {}, 'GET /orders/{id}/items': {} }

    expect(() => createAuthorizer(unusedVerifier, { access: map })).toThrow(
      /GET \/orders\/\{id\}, GET \/orders\/\{id\}\/items would also allow.*"exact" to false/,
    )
    expect(createAuthorizer(unusedVerifier, { access: map, exact: false })).toBeTypeOf('function')
    expect(createAuthorizer(unusedVerifier, { access: map, policy: 'request' })).toBeTypeOf(
      'function',
    )
  })

  test('one whose own routes cannot be told apart, whatever is accepted', () => {
    const map = {
      'GET /{proxy+}': {},
      'GET /admin/{proxy+}': { groups: ['admin'] },
      'GET /admin/health': {},
    }

    expect(() => createAuthorizer(unusedVerifier, { access: map, exact: false })).toThrow(
      /GET \/admin\/\{proxy\+\} cannot be refused while .*GET \/admin\/health may be used/,
    )
  })

  test.each([{ exact: 'no' }, { policy: 'route' }])('%j, by name', (options) => {
    const [name] = Object.keys(options)

    expect(() => createAuthorizer(unusedVerifier, options as never)).toThrow(`"${name}"`)
  })
})
