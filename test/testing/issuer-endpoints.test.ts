/**
 * The test issuer's endpoints, over its own fetch and over a real server, and the failures that they can simulate.
 */
import { createVerifier } from 'jwt-gate'
import { createTestIssuer, type TestIssuer } from 'jwt-gate/testing'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { claimsOf } from './decode.ts'

const now = (): number => 1_784_514_532_999
const issuer = await createTestIssuer({ now })
const CASES = [
  ['fetch', await createTestIssuer({ now }), async (own: TestIssuer) => own.fetch],
  [
    'a real server',
    await createTestIssuer({ now }),
    async (own: TestIssuer) => {
      await own.listen()
      return globalThis.fetch
    },
  ],
] as const

describe('endpoints', () => {
  describe.each(CASES)('over %s', (_, own, reach) => {
    let fetch = globalThis.fetch
    beforeAll(async () => {
      fetch = await reach(own)
    })
    afterEach(() => own.fail(null))
    afterAll(own.close)

    test('serve the keys', async () => {
      const response = await fetch(own.jwksUri)

      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe('application/json')
      expect(await response.json()).toEqual(own.jwks)
    })

    test('serve discovery', async () => {
      const verifier = createVerifier({ issuer: own.issuer, audience: null }, { fetch, now })

      const verified = await verifier.verify(await own.accessToken())

      expect(verified.issuer).toBe(own.issuer)
    })

    test('grant tokens to clients, and reject any other grant', async () => {
      const url = new URL('/oauth2/token', own.issuer)
      const ask = (grant: string) =>
        fetch(url, { method: 'POST', body: new URLSearchParams({ grant_type: grant }) })

      const granted = await ask('client_credentials')
      const refused = await ask('password')

      const answer = (await granted.json()) as Record<string, unknown>
      expect(answer).toEqual({
        access_token: expect.any(String),
        expires_in: 3_600,
        token_type: 'Bearer',
      })
      expect(claimsOf(String(answer['access_token']))).toMatchObject({
        sub: own.clientId,
        iss: own.issuer,
      })
      expect(refused.status).toBe(400)
      expect(await refused.json()).toEqual({ error: 'unsupported_grant_type' })
    })

    test.each([
      { parameters: {}, member: 'access_token', claims: { sub: own.clientId } },
      {
        parameters: { token_use: 'access' },
        member: 'access_token',
        claims: { username: 'alice' },
      },
      { parameters: { token_use: 'id' }, member: 'id_token', claims: { token_use: 'id' } },
      {
        parameters: { token_use: 'access', claims: '{"tenant":"acme","exp":1}' },
        member: 'access_token',
        claims: { tenant: 'acme', exp: 1, token_use: 'access' },
      },
    ])('grant the kind of token that is asked for: $parameters', async (asked) => {
      const body = new URLSearchParams({ grant_type: 'client_credentials', ...asked.parameters })

      const response = await fetch(new URL('/oauth2/token', own.issuer), { method: 'POST', body })

      const answer = (await response.json()) as Record<string, unknown>
      expect(Object.keys(answer)).toEqual([asked.member, 'expires_in', 'token_type'])
      expect(claimsOf(String(answer[asked.member]))).toMatchObject(asked.claims)
    })

    test.each([
      { token_use: 'refresh' },
      { token_use: 'constructor' },
      { claims: 'tenant' },
      { claims: '["tenant"]' },
      { claims: 'null' },
    ])('reject parameters that they do not know: %j', async (parameters) => {
      const body = new URLSearchParams({ grant_type: 'client_credentials', ...parameters } as never)

      const response = await fetch(new URL('/oauth2/token', own.issuer), { method: 'POST', body })

      expect(response.status).toBe(400)
      expect(await response.json()).toEqual({ error: 'invalid_request' })
    })

    test('respond with 404 to other requests', async () => {
      const response = await fetch(`${own.issuer}/other`)
      const posted = await fetch(own.jwksUri, { method: 'POST', body: '' })

      expect([response.status, posted.status]).toEqual([404, 404])
    })

    test('drop connections while down', async () => {
      own.fail('down')

      await expect(fetch(own.jwksUri)).rejects.toThrow(TypeError)
    })

    test('never respond while slow', async () => {
      own.fail('slow')
      const before = own.requests
      const controller = new AbortController()
      const answer = fetch(own.jwksUri, { signal: controller.signal })
      // the request has arrived, and there is no response yet
      await expect.poll(() => own.requests).toBe(before + 1)

      controller.abort()

      await expect(answer).rejects.toMatchObject({ name: 'AbortError' })
    })

    test('respond with an HTML page while garbage', async () => {
      own.fail('garbage')

      const response = await fetch(own.jwksUri)

      expect(response.headers.get('content-type')).toBe('text/html')
      expect(await response.text()).toContain('<!doctype html>')
    })

    test('have no keys while empty', async () => {
      own.fail('empty')

      const response = await fetch(own.jwksUri)

      expect(await response.json()).toEqual({ keys: [] })
    })

    test('respond again once the failure is cleared, and count every request', async () => {
      const before = own.requests
      own.fail('down')
      await fetch(own.jwksUri).catch(() => undefined)
      own.fail(null)

      const response = await fetch(own.jwksUri)

      expect(await response.json()).toEqual(own.jwks)
      expect(own.requests).toBe(before + 2)
    })
  })

  test('are not requested for an aborted request', async () => {
    const own = await createTestIssuer({ now })
    own.fail('slow')

    await expect(own.fetch(own.jwksUri, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    })
  })

  test('of other hosts cannot be reached', async () => {
    await expect(issuer.fetch('https://idp.example/jwks.json')).rejects.toThrow(TypeError)
  })
})
