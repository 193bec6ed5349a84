/**
 * The metadata of a protected resource (RFC 9728), over real HTTP, on both versions of Express.
 */
import { type ProtectedResourceMetadataOptions, protectedResourceMetadata } from 'jwt-gate/express'
import { describe, expect, test } from 'vitest'
import { EXPRESS_VERSIONS } from '../support/express-versions.ts'
import { serve } from '../support/http.ts'

const REQUIRED = { resource: 'https://api.example.com', authorizationServers: 'x' }

describe.each(EXPRESS_VERSIONS)('protectedResourceMetadata on %s', (_, express) => {
  function startApp(resource: string, more?: Partial<ProtectedResourceMetadataOptions>) {
    const options = { resource, authorizationServers: 'https://idp.example.com', ...more }
    return serve(express().use(protectedResourceMetadata(options)))
  }

  test.each([
    ['https://api.example.com', '/.well-known/oauth-protected-resource'],
    ['https://api.example.com/orders/v1', '/.well-known/oauth-protected-resource/orders/v1'],
  ])('%s is described at %s, for pages of every origin', async (resource, path) => {
    const ask = await startApp(resource)

    const answer = await ask(path)

    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': expect.stringMatching(/^application\/json/),
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=3600',
    })
    expect(JSON.parse(answer.body)).toEqual({
      resource,
      authorization_servers: ['https://idp.example.com'],
      bearer_methods_supported: ['header'],
    })
  })

  test('includes every option', async () => {
    const ask = await startApp('https://api.example.com', {
      scopesSupported: 'orders/read',
      bearerMethodsSupported: ['header', 'body'],
      resourceName: 'Orders',
      resourceDocumentation: 'https://docs.example.com',
      dpopSigningAlgValuesSupported: ['ES256', 'PS256'],
      dpopBoundAccessTokensRequired: true,
      tlsClientCertificateBoundAccessTokens: true,
    })

    const answer = await ask('/.well-known/oauth-protected-resource')

    expect(JSON.parse(answer.body)).toMatchObject({
      scopes_supported: ['orders/read'],
      bearer_methods_supported: ['header', 'body'],
      resource_name: 'Orders',
      resource_documentation: 'https://docs.example.com',
      dpop_signing_alg_values_supported: ['ES256', 'PS256'],
      dpop_bound_access_tokens_required: true,
      tls_client_certificate_bound_access_tokens: true,
    })
  })

  test('responds to a preflight and to HEAD, but not at other paths or to other methods', async () => {
    const ask = await startApp('https://api.example.com/orders')
    const path = '/.well-known/oauth-protected-resource'

    const answers = await Promise.all([
      ask(`${path}/orders`, { method: 'OPTIONS' }),
      ask(`${path}/orders`, { method: 'HEAD' }),
      ask(path),
      ask(`${path}/orders/1`),
      ask(`${path}/orders`, { method: 'POST' }),
    ])

    expect(answers.map((one) => one.status)).toEqual([204, 200, 404, 404, 404])
    expect(answers[0].headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD, OPTIONS',
      'access-control-allow-headers': '*',
    })
  })
})

test.each([
  [{ ...REQUIRED, resource: 'http://api.example.com' }, '"resource"'],
  [{ ...REQUIRED, resource: 'https://api.example.com/#x' }, '"resource"'],
  [{ ...REQUIRED, resource: 'nonsense' }, '"resource"'],
  [{ resource: 'https://api.example.com' }, '"authorizationServers"'],
  [{ ...REQUIRED, scopes: [] }, '"scopes"'],
  [{ ...REQUIRED, scopesSupported: [] }, '"scopesSupported"'],
  [{ ...REQUIRED, scopesSupported: '' }, '"scopesSupported"'],
  [{ ...REQUIRED, bearerMethodsSupported: [] }, '"bearerMethodsSupported"'],
  [{ ...REQUIRED, resourceName: '' }, '"resourceName"'],
  [{ ...REQUIRED, resourceDocumentation: 7 }, '"resourceDocumentation"'],
  [null, '"options"'],
])('%j is refused at start-up, by name', (options, name) => {
  const make = () => protectedResourceMetadata(options as never)

  expect(make).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }))
  expect(make).toThrow(name)
})
