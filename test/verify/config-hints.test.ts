/**
 * Frequent mistakes in a configuration: the error names the option as it was written, and says the way out.
 */
import { cognito, createVerifier, type Trusted } from 'jwt-gate'
import { requireAccess } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test, vi } from 'vitest'

const POOL = { userPoolId: 'eu-west-1_Shop', clientId: 'shop', tokenUse: 'access' } as const
const make = (trusted: unknown, options = {}) => createVerifier(trusted as Trusted, options)

describe('options of cognito() that are given to createVerifier', () => {
  test.each([
    ['alone', POOL],
    ['in a list', [POOL]],
    ['without the others', { userPoolId: 'eu-west-1_Shop' }],
  ])('%s', (_, trusted) => {
    expect(() => make(trusted)).toThrow(/^"userPoolId" .*createVerifier\(cognito\(\{ userPoolId/)
  })
})

describe('the list of cognito() that is spread into an object', () => {
  const spread = { ...cognito(POOL), claims: undefined }

  test.each([
    ['alone', spread],
    ['in a list', [spread]],
    ['with an issuer', { ...spread, issuer: 'https://idp.example', audience: 'a' }],
  ])('%s', (_, trusted) => {
    expect(() => make(trusted)).toThrow(/^"trusted" is a list that was spread .* cognito\(\)$/)
  })

  test('as the result of a function is no unknown issuer, but a mistake', async () => {
    const issuer = await createTestIssuer()
    const onEvent = vi.fn()
    const verifier = make(() => spread, { onEvent })

    await expect(verifier.verify(await issuer.accessToken())).rejects.toMatchObject({
      code: 'ERR_CONFIG_INVALID',
      message: expect.stringContaining('"trusted" is a list'),
    })
    expect(onEvent).toHaveBeenCalledWith(expect.objectContaining({ type: 'issuers.failed' }))
  })

  test('the control: the list itself is accepted', () => {
    expect(make([cognito(POOL)])).toBeDefined()
  })
})

describe('a plain http URL', () => {
  const way = 'to "jwks.insecureHosts"'

  test.each([
    ['issuer', { issuer: 'http://keycloak:8080/realms/shop', audience: 'a' }],
    ['jwksUri', { issuer: 'urn:idp', audience: 'a', jwksUri: 'http://keycloak:8080/certs' }],
    ['issuer', cognito({ ...POOL, issuer: 'http://cognito-local:9229/eu-west-1_Shop' })],
    ['jwksUri', cognito({ ...POOL, jwksUri: 'http://cognito-local:9229/jwks.json' })],
  ])('is refused by the name of %s, with the way out', (option, trusted) => {
    const refused = expect.objectContaining({
      message: expect.stringMatching(new RegExp(`^"${option}" is a plain http URL.* ${way}$`)),
    })

    expect(() => make(trusted)).toThrow(refused)
    const jwks = { insecureHosts: ['keycloak', 'cognito-local'] }
    expect(make(trusted, { jwks })).toBeDefined()
  })

  test('the message has no part of a URL, which may hold a secret', () => {
    const jwksUri = 'http://keycloak:8080/certs?key=hunter2'

    expect(() => make({ issuer: 'urn:idp', audience: 'a', jwksUri })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    )
  })
})

test.each([
  ['an issuer that is only a URL', () => make('https://idp.example'), '{ issuer, audience }'],
  ['a rule that is only a scope', () => requireAccess('orders/read' as never), '{ scopes: ['],
])('%s', (_, create, example) => {
  expect(create).toThrow(`must be an object, such as ${example}`)
})
