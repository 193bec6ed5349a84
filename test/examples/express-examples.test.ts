/**
 * The examples of examples/express: every route of each, with its expected response.
 */
import type { RequestListener } from 'node:http'
import { expect, test, vi } from 'vitest'
import { app as cookie } from '../../examples/express/cookie.ts'
import { app as cors } from '../../examples/express/cors.ts'
import { app as errorHandler } from '../../examples/express/error-handler.ts'
import { app as groups } from '../../examples/express/groups.ts'
import { app as optional } from '../../examples/express/optional.ts'
import { app as profile } from '../../examples/express/profile.ts'
import { app as scopes } from '../../examples/express/scopes.ts'
import { issuer } from '../../examples/express/setup.ts'
import { employees, app as twoPools } from '../../examples/express/two-pools.ts'
import { type Ask, serve } from '../support/http.ts'
import { findFreePort, runExample } from './run-example.ts'

const user = await issuer.accessToken({ username: 'alice' })
const expired = await issuer.accessToken({ exp: 1_700_000_000 })
const reader = await issuer.machineToken({ scope: 'orders/read' })
const writer = await issuer.machineToken({ scope: 'orders/read orders/write' })
const staff = await issuer.accessToken({ 'cognito:groups': ['staff'] })
const admin = await issuer.accessToken({ 'cognito:groups': ['staff', 'admin'], device_key: 'd' })
const employee = await employees.accessToken()
const stranger = await employees.accessToken({ iss: issuer.issuer })

const by = (token: string, more: Ask = {}): Ask => ({
  ...more,
  headers: { authorization: `Bearer ${token}` },
})
const post: Ask = { method: 'POST' }
const inCookie = { cookie: `__Host-access_token=${user}` }
const ownPage = { ...inCookie, 'sec-fetch-site': 'same-origin' }
const otherPage = { ...inCookie, 'sec-fetch-site': 'cross-site' }
const preflight: Ask = {
  method: 'OPTIONS',
  headers: { origin: 'https://app.example.com', 'access-control-request-method': 'GET' },
}
const client = issuer.clientId

test.each<[string, RequestListener, string, Ask, number, unknown]>([
  ['profile: a user', profile, '/', by(user), 200, { user: 'alice', client }],
  ['profile: nobody', profile, '/', {}, 401, { error: 'missing_token' }],
  ['scopes: reads', scopes, '/', by(reader), 200, [{ id: 1 }]],
  ['scopes: reads with one of two scopes', scopes, '/', by(writer), 200, [{ id: 1 }]],
  ['scopes: lacks the scope to read', scopes, '/', by(user), 403, { error: 'insufficient_scope' }],
  ['scopes: writes', scopes, '/', by(writer, post), 201, { id: 2 }],
  ['scopes: lacks the scope to write', scopes, '/', by(reader, post), 403, {}],
  ['groups: staff', groups, '/', by(staff), 200, { area: 'staff' }],
  ['groups: not in staff', groups, '/', by(user), 403, { error: 'insufficient_scope' }],
  ['groups: an admin', groups, '/users/1', by(admin, { method: 'DELETE' }), 204, undefined],
  ['groups: not an admin', groups, '/users/1', by(staff, { method: 'DELETE' }), 403, {}],
  ['groups: a known device', groups, '/keys', by(admin), 200, { area: 'keys' }],
  ['groups: an unknown device', groups, '/keys', by(staff), 403, {}],
  ['optional: a user', optional, '/', by(user), 200, { hello: 'alice' }],
  ['optional: nobody', optional, '/', {}, 200, { hello: 'stranger' }],
  ['optional: a bad token', optional, '/', by(expired), 401, { error: 'invalid_token' }],
  ['optional: a comment', optional, '/comments', by(user, post), 201, 'Created'],
  [
    'optional: a comment without a token',
    optional,
    '/comments',
    post,
    401,
    { error: 'missing_token' },
  ],
  ['cookie: a page', cookie, '/', { headers: inCookie }, 200, { user: 'alice' }],
  ['cookie: nobody', cookie, '/', {}, 401, { error: 'missing_token' }],
  ['cookie: a form of this site', cookie, '/', { ...post, headers: ownPage }, 201, 'Created'],
  ['cookie: a form of another site', cookie, '/', { ...post, headers: otherPage }, 403, {}],
  ['cookie: logout', cookie, '/logout', { ...post, headers: ownPage }, 204, undefined],
  ['error handler: v1', errorHandler, '/', by(user), 200, { version: 1 }],
  ['error handler: v1, no token', errorHandler, '/', {}, 401, { error: 'missing_token' }],
  ['error handler: v2', errorHandler, '/v2', by(user), 200, { version: 2 }],
  ['error handler: v2, no token', errorHandler, '/v2', {}, 401, { code: 'ERR_TOKEN_MISSING' }],
  ['CORS: a user', cors, '/', by(user), 200, { user: 'alice' }],
  ['CORS: a preflight', cors, '/', preflight, 204, undefined],
  ['CORS: nobody', cors, '/', {}, 401, { error: 'missing_token' }],
  ['two pools: a customer', twoPools, '/', by(user), 200, { issuer: issuer.issuer }],
  ['two pools: an employee', twoPools, '/', by(employee), 200, { issuer: employees.issuer }],
  ['two pools: a key of the other pool', twoPools, '/', by(stranger), 401, {}],
  ['two pools: may read reports', twoPools, '/reports', by(employee), 200, []],
  ['two pools: may not read reports', twoPools, '/reports', by(user), 403, {}],
])('%s', async (_title, app, path, how, status, body) => {
  const ask = await serve(app)

  const answer = await ask(path, how)

  expect(answer.status).toBe(status)
  if (typeof body === 'object') expect(JSON.parse(answer.body)).toMatchObject(body as object)
  else expect(answer.body).toBe(body ?? '')
})

test('CORS: a page may read the response to a rejected request, and its challenge', async () => {
  const ask = await serve(cors)

  const answer = await ask('/')

  expect(answer.headers['access-control-allow-origin']).toBe('https://app.example.com')
  expect(answer.headers['access-control-expose-headers']).toBe('WWW-Authenticate')
})

test.each([
  'cookie',
  'cors',
  'error-handler',
  'groups',
  'optional',
  'profile',
  'scopes',
  'two-pools',
])(
  'when started on its own, %s prints a request that works',
  async (name) => {
    const port = await findFreePort()
    const example = runExample(`express/${name}.ts`, { PORT: String(port) })
    await example.printed('curl')
    const [, token = ''] = /^TOKEN=(.+)$/m.exec(example.output()) ?? []
    const [, url = '', header = '', value = ''] =
      /^curl -i (\S+) -H "(\S+): (.+)"/m.exec(example.output()) ?? []

    const answer = await vi.waitFor(() =>
      fetch(url, { headers: { [header]: value.replace('$TOKEN', token) } }),
    )

    expect(answer.status).toBe(200)
  },
  30_000,
)
