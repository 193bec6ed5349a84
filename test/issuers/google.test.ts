/**
 * Google: two spellings of its issuer, and the domain of an organization.
 */
import { createVerifier } from 'jwt-gate'
import { google } from 'jwt-gate/issuers'
import { expect, test } from 'vitest'
import { createLookAlike, refusedAs } from './look-alike.ts'

const CLIENT = '1234567890-abcdef.apps.googleusercontent.com'
const CERTS = 'https://www.googleapis.com/oauth2/v3/certs'

const issuer = await createLookAlike(
  { [CERTS]: (keys) => ({ keys: keys.map(({ jwk }) => jwk) }) },
  {
    header: { typ: 'JWT' },
    claims: {
      ...{
        iss: 'https://accounts.google.com',
        azp: CLIENT,
        aud: CLIENT,
        sub: '110169484474386276334',
      },
      ...{
        hd: 'example.com',
        email: 'ada@example.com',
        email_verified: true,
        at_hash: 'HK6E_P6Dh8Y',
      },
    },
  },
)

test.each(['https://accounts.google.com', 'accounts.google.com'])(
  'a token of %s passes',
  async (iss) => {
    const trusted = google({ clientId: [CLIENT, 'other'], hostedDomain: 'example.com' })

    expect(await issuer.verify(trusted, await issuer.token({ iss }))).toHaveProperty(
      'claims.iss',
      iss,
    )
    expect(new Set(issuer.asked)).toEqual(new Set([CERTS]))
  },
)

test('both spellings share one fetch', async () => {
  const asked: unknown[] = []
  const fetch = async (url: unknown) => {
    asked.push(url)
    return Response.json({ keys: issuer.keys.map(({ jwk }) => jwk) })
  }
  const verifier = createVerifier(google({ clientId: CLIENT }), {
    fetch: fetch as typeof globalThis.fetch,
    now: () => 1_795_000_000_000,
  })
  await verifier.hydrate()
  const { claims } = await verifier.verify(await issuer.token({ iss: 'accounts.google.com' }))

  expect(asked).toHaveLength(1)
  expect(claims.hd).toBe('example.com')
})

test.each([
  ['another organization', { hd: 'evil.example' }, 'ERR_TOKEN_CHECK'],
  ['a private account, whatever its e-mail address is', { hd: undefined }, 'ERR_CLAIM_MISSING'],
  ['a list in place of a domain', { hd: ['example.com'] }, 'ERR_TOKEN_CHECK'],
])('%s is rejected, if a domain is wanted', async (_, claims, code) => {
  const token = await issuer.token(claims)

  expect(
    await issuer.verify(google({ clientId: CLIENT, hostedDomain: 'example.com' }), token),
  ).toEqual(refusedAs(code, 'hd'))
  expect(await issuer.verify(google({ clientId: CLIENT }), token)).toHaveProperty('claims')
})

test.each([
  ['another application', { aud: 'another' }, 'ERR_CLAIM_AUDIENCE'],
  ['a third spelling of the issuer', { iss: 'https://accounts.google.com/' }, 'ERR_CLAIM_ISSUER'],
])('%s is rejected', async (_, claims, code) => {
  expect(await issuer.verify(google({ clientId: CLIENT }), await issuer.token(claims))).toEqual(
    refusedAs(code),
  )
})

test.each([
  ['no client', {}, '"clientId"'],
  ['null in place of a client', { clientId: null }, '"clientId"'],
  [
    'a placeholder',
    { clientId: 'YOUR_CLIENT_ID.apps.googleusercontent.com' },
    '"clientId" contains a placeholder',
  ],
  [
    'an e-mail address',
    { clientId: CLIENT, hostedDomain: 'ada@example.com' },
    '"hostedDomain" must be a domain',
  ],
])('%s is a ConfigError', (_, options, message) => {
  expect(() => google(options as never)).toThrow(message)
})
