/**
 * One path can be spelled in many ways (RFC 3986 s6.2.2), and methods are an open list (RFC 9110 s16.1). Neither may give access
 * to a route of an authorizer's map, whichever route API Gateway chooses for the request.
 */
import { describe, expect, test } from 'vitest'
import { ADMIN_ONLY, admin, ask, MODES, user } from './route-requests.ts'

const SPELLINGS = [
  '/admin/',
  '//admin',
  '/admin//',
  '/%61dmin',
  '/admi%6e',
  '/admi%6E',
  '/a%64%6D%69n',
  '/%2561dmin',
  '/%%361dmin',
  '/%6%31dmin',
  '/./admin',
  '/admin/.',
  '/x/../admin',
  '/admin/x/..',
  '/../admin',
  '/x/%2e%2e/admin',
  '/x/%2E./admin',
  '/%2e/admin',
  '/x/..%2fadmin',
  '/x/..%2Fadmin',
  '/%2Fadmin',
  '/admin%2F',
  '/\\admin',
  '/x\\..\\admin',
  '/x/..%5cadmin',
  '/%5Cadmin',
]

describe.each(MODES)('%s does not give access to /admin', (_name, mode) => {
  test('but to callers who may use it, and to other paths', async () => {
    expect(await ask(mode, { token: admin, path: '/admin' })).toBe(true)
    expect(await ask(mode, { token: user, path: '/admin' })).toBe(false)
    expect(await ask(mode, { token: user, path: '/other', resource: '/{proxy+}' })).toBe(true)
    const usual = '/users/a%40b.c/caf%C3%A9 a%20b/urn%3Ax/%5Bid%5D/ADMIN/.x/v1.2'
    expect(await ask(mode, { token: user, path: usual, resource: '/{proxy+}' })).toBe(true)
  })

  test.each(SPELLINGS)('spelled %s', async (path) => {
    // for every route that API Gateway might choose for it
    for (const resource of ['/{proxy+}', '/admin', '/{a}/{proxy+}']) {
      expect(await ask(mode, { token: user, path, resource }), resource).toBe(false)
      expect(await ask(mode, { token: admin, path, resource }), resource).toBe(true)
    }
  })
})

describe.each(MODES.filter(([, { options }]) => options.policy === undefined))(
  '%s that was created for another path does not give access to /admin',
  (_name, mode) => {
    test.each(SPELLINGS)('spelled %s', async (later) => {
      const other = { path: '/other', resource: '/{proxy+}' }

      expect(await ask(mode, { token: user, ...other, later })).toBe(false)
      expect(await ask(mode, { token: admin, ...other, later })).toBe(true)
    })
  },
)

describe('a character in a route matches all of its spellings', () => {
  test.each<[string, string]>([
    ['GET /a@b', '/a%40b'],
    ['GET /v1', '/v%31'],
    ['GET /B', '/%42'],
    ['GET /a_b', '/a%5Fb'],
    ['GET /a_b', '/a%5fb'],
    ['GET /a-b', '/a%2Db'],
    ['GET /a~b', '/a%7eb'],
    ['GET /a.b', '/a%2eb'],
    ['GET /café', '/caf%C3%A9'],
    ['GET /café', '/caf%c3%a9'],
    ['GET /caf%C3%A9', '/café'],
    ['GET /caf%C3%A9', '/caf%c3%A9'],
    ['GET /caf%C3%A9', '/caf%C3%a9'],
    ['GET /a%20b', '/%61%20b'],
    ['GET /x%3Ay', '/x:y'],
    ['GET /x%3Ay', '/x%3ay'],
  ])('%s as %s', async (key, path) => {
    const map = { [key]: ADMIN_ONLY, 'GET /{proxy+}': {} }
    const resource = '/{proxy+}'
    for (const [, mode] of MODES) {
      const asked = { map, path, resource }

      expect(await ask(mode, { token: user, ...asked })).toBe(false)
      expect(await ask(mode, { token: admin, ...asked })).toBe(true)
      expect(await ask(mode, { token: user, ...asked, path: '/other' })).toBe(true)
    }
  })
})

const METHODS = ['TRACE', 'PROPFIND', 'CONNECT', 'get', 'Post', 'M-SEARCH', 'ANY', '%47ET', '']

describe.each(MODES)('%s handles methods beyond the usual seven', (_name, mode) => {
  const map = { $default: {}, 'ANY /admin': ADMIN_ONLY, 'GET /open/{id}': {} }

  test.each(METHODS)('%j', async (method) => {
    expect(await ask(mode, { map, token: user, path: '/other', resource: '/other' })).toBe(true)
    expect(await ask(mode, { map, token: user, method, path: '/admin' })).toBe(false)
    expect(await ask(mode, { map, token: user, method: 'DELETE', path: '/admin' })).toBe(false)
    expect(await ask(mode, { map, token: admin, method: 'DELETE', path: '/admin' })).toBe(true)
  })

  test.each(METHODS)('%j, if no route has it', async (method) => {
    const some = { 'GET /a': {}, 'POST /a/{id}': {}, 'ANY /b': ADMIN_ONLY }

    expect(await ask(mode, { map: some, token: user, path: '/a' })).toBe(true)
    expect(await ask(mode, { map: some, token: user, method, path: '/a' })).toBe(false)
    expect(await ask(mode, { map: some, token: user, method, path: '/b' })).toBe(false)
    expect(await ask(mode, { map: some, token: admin, method, path: '/a' })).toBe(false)
  })
})
