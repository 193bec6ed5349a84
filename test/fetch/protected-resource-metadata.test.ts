/**
 * The metadata of a protected resource for web-standard requests.
 */
import { protectedResourceMetadata } from 'jwt-gate/fetch'
import { describe, expect, test } from 'vitest'

const metadata = protectedResourceMetadata({
  resource: 'https://api.example.com/orders',
  authorizationServers: 'https://idp.example.com',
  scopesSupported: ['read'],
})
const HOME = 'https://api.example.com/.well-known/oauth-protected-resource/orders'

test('a GET gets the metadata', async () => {
  const response = metadata(new Request(`${HOME}?a=b`))

  expect(response?.status).toBe(200)
  expect(response?.headers.get('content-type')).toBe('application/json')
  expect(response?.headers.get('access-control-allow-origin')).toBe('*')
  expect(await response?.json()).toEqual({
    resource: 'https://api.example.com/orders',
    authorization_servers: ['https://idp.example.com'],
    scopes_supported: ['read'],
    bearer_methods_supported: ['header'],
  })
})

test.each([
  ['HEAD', 200],
  ['OPTIONS', 204],
])('%s gets the headers alone', async (method, status) => {
  const response = metadata(new Request(HOME, { method }))

  expect(response?.status).toBe(status)
  expect(await response?.text()).toBe('')
  expect(response?.headers.get('access-control-allow-methods')).toBe('GET, HEAD, OPTIONS')
})

describe('leaves to others', () => {
  test.each([
    ['another method', HOME, 'POST'],
    ['another resource', `${HOME}/1`, 'GET'],
    ['the resource of the origin', HOME.replace('/orders', ''), 'GET'],
    ['the resource itself', 'https://api.example.com/orders', 'GET'],
  ])('%s', (_title, url, method) => {
    expect(metadata(new Request(url, { method }))).toBeUndefined()
  })
})

test.each([
  ['"resource"', { authorizationServers: 'https://idp.example.com' }],
  [
    '"resource"',
    { resource: 'http://api.example.com', authorizationServers: 'https://idp.example.com' },
  ],
  ['"authorizationServers"', { resource: 'https://api.example.com' }],
  ['"scopes"', { resource: 'https://api.example.com', authorizationServers: 'x', scopes: 'a' }],
])('the option %s is checked', (name, options) => {
  expect(() => protectedResourceMetadata(options as never)).toThrow(name)
})
