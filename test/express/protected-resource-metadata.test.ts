/**
 * What a resource tells about itself (RFC 9728), over real HTTP, on both versions of Express.
 */
import { protectedResourceMetadata } from 'jwt-gate/express'
import { describe, expect, test } from 'vitest'
import { EXPRESS_VERSIONS } from '../support/express-versions.ts'
import { serve } from '../support/http.ts'

describe.each(EXPRESS_VERSIONS)('protectedResourceMetadata on %s', (_, express) => {
  function startApp(resource: string) {
    const app = express()
    app.use(
      protectedResourceMetadata({
        resource,
        authorizationServers: 'https://idp.example.com',
        scopesSupported: ['orders/read'],
        resourceName: 'Orders',
        resourceDocumentation: 'https://docs.example.com',
      }),
    )
    return serve(app)
  }

  test.each([
    ['https://api.example.com', '/.well-known/oauth-protected-resource'],
    ['https://api.example.com/orders/v1', '/.well-known/oauth-protected-resource/orders/v1'],
  ])('%s is described at %s, for pages of every origin', async (resource, path) => {
    const ask = await startApp(resource)

    const answer = await ask(path)

    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    expect(answer.headers['access-control-allow-origin']).toBe('*')
    expect(JSON.parse(answer.body)).toEqual({
      resource,
      authorization_servers: ['https://idp.example.com'],
      scopes_supported: ['orders/read'],
      bearer_methods_supported: ['header'],
      resource_name: 'Orders',
      resource_documentation: 'https://docs.example.com',
    })
  })

  test('answers a preflight, and nothing at other paths or for other methods', async () => {
    const ask = await startApp('https://api.example.com/orders')
    const path = '/.well-known/oauth-protected-resource'

    const answers = await Promise.all([
      ask(`${path}/orders`, { method: 'OPTIONS' }),
      ask(path),
      ask(`${path}/orders/1`),
      ask(`${path}/orders`, { method: 'POST' }),
    ])

    expect(answers.map((one) => one.status)).toEqual([204, 404, 404, 404])
    expect(answers[0].headers['access-control-allow-origin']).toBe('*')
  })
})

test.each([
  [{ resource: 'http://api.example.com', authorizationServers: 'x' }, '"resource"'],
  [{ resource: 'https://api.example.com/#x', authorizationServers: 'x' }, '"resource"'],
  [{ resource: 'nonsense', authorizationServers: 'x' }, '"resource"'],
  [{ resource: 'https://api.example.com' }, '"authorizationServers"'],
  [{ resource: 'https://api.example.com', authorizationServers: 'x', scopes: [] }, '"scopes"'],
])('%j is refused at start-up, by name', (options, name) => {
  const make = () => protectedResourceMetadata(options as never)

  expect(make).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }))
  expect(make).toThrow(name)
})
