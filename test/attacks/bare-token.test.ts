/**
 * `scheme: null` takes the value of a header as the token. Other credentials in that header must not become one, and two tokens
 * must not become one.
 */
import { createVerifier } from 'jwt-gate'
import {
  type AuthorizerEvent,
  createAuthorizer,
  type TokenSource,
} from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer, type TestRequest } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { claimsOf, now, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createVerifier(trust(issuer), { now })
const token = await issuer.token(claimsOf(issuer))
const GATEWAYS = ['rest-request', 'rest-token', 'http-1.0', 'http-2.0', 'websocket'] as const
const BARE = { header: 'Authorization', scheme: null } as const

/** `allowed`, or the code and the reason in the event. */
async function ask(
  gateway: (typeof GATEWAYS)[number],
  token: TokenSource | undefined,
  request: TestRequest,
): Promise<string> {
  const events: AuthorizerEvent[] = []
  const handler = createAuthorizer(verifier, { token, onEvent: (event) => events.push(event) })
  const result = await handler(createAuthorizerEvent(gateway, request)).catch(() => undefined)
  if (events.length === 0) return JSON.stringify(result).includes('Allow') ? 'allowed' : 'silent'
  const { code, reason } = (events[0] as { error: { code: string; reason?: string } }).error
  return reason === undefined ? code : `${code} ${reason}`
}

describe.each(GATEWAYS)('%s', (gateway) => {
  test('the control: takes the token with and without its scheme', async () => {
    for (const value of [token, `Bearer ${token}`, `bearer  ${token}`]) {
      const request = { headers: { Authorization: value } }

      expect(await ask(gateway, BARE, request)).toBe('allowed')
    }
  })

  test.each([
    ['Basic credentials', 'Basic YTpi'],
    ['another scheme', `DPoP ${token}`],
    ['the scheme twice', `Bearer Bearer ${token}`],
    ['the scheme joined to the token', `Bearer${token}`],
    ['a space before', ` ${token}`],
    ['a space after', `${token} `],
    ['two tokens with a comma', `${token},${token}`],
    ['two tokens with a space', `${token} ${token}`],
    ['quotes', `"${token}"`],
    ['a parameter', `token=${token}`],
    ['a password', 'YTpi'],
  ])('refuses %s', async (_, value) => {
    const outcome = await ask(gateway, BARE, { headers: { Authorization: value } })

    expect(outcome).toMatch(/^ERR_TOKEN_(?:REQUEST|MALFORMED|ALGORITHM)/)
  })

  test('by default, a token without its scheme is missing, and the event has a reason for it', async () => {
    const bare = { headers: { Authorization: token } }
    const basic = { headers: { Authorization: 'Basic YTpi' } }

    expect(await ask(gateway, undefined, bare)).toBe('ERR_TOKEN_MISSING no_scheme')
    expect(await ask(gateway, undefined, basic)).toBe('ERR_TOKEN_MISSING scheme')
    expect(await ask(gateway, undefined, {})).toMatch(/^ERR_TOKEN_MISSING(?: empty)?$/)
  })
})

test('two headers are never one token', async () => {
  for (const gateway of ['rest-request', 'http-1.0', 'http-2.0', 'websocket'] as const) {
    const request = { headers: { Authorization: [token, token] } }

    expect(await ask(gateway, BARE, request)).toMatch(/^ERR_TOKEN_REQUEST (?:repeated|space)$/)
  }
})

test('another credential in the header is not overlooked for a token elsewhere', async () => {
  const places = { ...BARE, cookie: 'session' }
  const request = { headers: { Authorization: 'Basic YTpi' }, cookies: [`session=${token}`] }

  expect(await ask('rest-request', places, request)).toBe('ERR_TOKEN_REQUEST space')
})

test.each([
  [{ header: 'Authorization', scheme: 'Bearer' }, '"token.scheme" must be one of null'],
  [{ header: 'Authorization', scheme: '' }, '"token.scheme" must be one of null'],
  [{ cookie: 'session', scheme: null }, '"token.scheme" is for a header'],
  [{ scheme: null }, '"token" must have one of'],
])('the option must be spelled out: %j', (source, message) => {
  expect(() => createAuthorizer(verifier, { token: source as never })).toThrow(message)
})
