/**
 * What an error tells a developer beyond its code: what the configuration expected, what caused it, and the exact mistake.
 */
import {
  AccessError,
  authorize,
  cognito,
  createVerifier,
  type Expected,
  type JwtGateError,
  KeysError,
  TokenError,
  type TrustedIssuer,
  type VerifierOptions,
} from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'

const issuer = await createTestIssuer()
const iss = issuer.issuer
const exp = 4_000_000_000

interface Sent {
  readonly trusted?: Partial<TrustedIssuer>
  readonly options?: VerifierOptions
  readonly claims?: Record<string, unknown>
  readonly header?: Record<string, unknown>
}

/** The error for a token. */
async function refusalOf({ trusted, options, claims, header = {} }: Sent): Promise<JwtGateError> {
  const given = { issuer: iss, audience: null, jwks: issuer.jwks, ...trusted }
  const token = await issuer.token({ iss, exp, ...claims }, { header })
  const outcome: unknown = await createVerifier(given, options)
    .verify(token)
    .catch((error: unknown) => error)
  return outcome as JwtGateError
}

describe('expected is what the configuration asked for', () => {
  test.each<[string, Sent, Expected]>([
    ['the issuer', { claims: { iss: 'https://other.example' } }, { issuers: [iss] }],
    [
      'the audience',
      { trusted: { audience: ['orders', 'bills'] }, claims: { aud: 'other' } },
      { audience: ['orders', 'bills'] },
    ],
    ['the audience of a token without one', { trusted: { audience: 'a' } }, { audience: ['a'] }],
    [
      'the client',
      { trusted: { clientId: 'shop' }, claims: { client_id: 'other' } },
      { clientId: ['shop'] },
    ],
    [
      'the client of a token without one',
      { trusted: { clientId: 'shop' } },
      { clientId: ['shop'] },
    ],
    [
      'the kind of token',
      { trusted: { tokenUse: 'access' }, claims: { token_use: 'id' } },
      { tokenUse: 'access' },
    ],
    [
      'the algorithms',
      { trusted: { algorithms: ['RS256'] }, header: { alg: 'ES256' } },
      { algorithms: ['RS256'] },
    ],
    [
      'the type',
      { trusted: { tokenType: 'at+jwt' }, header: { typ: 'JWT' } },
      { tokenType: ['at+jwt'] },
    ],
    ['the default types', { header: { typ: 'logout+jwt' } }, { tokenType: ['JWT', 'at+jwt'] }],
    [
      'the required claims',
      { trusted: { requiredClaims: ['tenant', 'plan'] }, claims: { tenant: 1 } },
      { requiredClaims: ['tenant', 'plan'] },
    ],
    [
      'the age',
      { trusted: { maxTokenAgeSeconds: 60 }, claims: { iat: 1_700_000_000 } },
      { maxTokenAgeSeconds: 60 },
    ],
    ['the size', { options: { maxTokenBytes: 64 } }, { maxTokenBytes: 64 }],
  ])('%s', async (_, sent, expected) => {
    const error = await refusalOf(sent)

    expect(error.expected).toEqual(expected)
    expect(error.toJSON().expected).toEqual(expected)
  })

  test.each([
    [{ scopes: ['orders:read'] }, { scopes: ['orders:read'] }],
    [{ anyScope: ['a', 'b'] }, { anyScope: ['a', 'b'] }],
    [{ groups: ['staff'] }, { groups: ['staff'] }],
    [{ allGroups: ['staff', 'night'] }, { allGroups: ['staff', 'night'] }],
  ])('the rule %j', (rule, expected) => {
    const verified = { claims: {}, header: { alg: 'RS256' }, issuer: iss }

    expect(() => authorize(verified, rule)).toThrow(expect.objectContaining({ expected }))
  })

  test('both issuer forms of a pool, for a token of another Region', async () => {
    const pool = { userPoolId: 'eu-west-1_Shop', clientId: 'shop', tokenUse: 'access' as const }
    const verifier = createVerifier(cognito({ ...pool, jwks: issuer.jwks }))
    const token = await issuer.token({
      iss: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-west-1_Shop',
      exp,
    })

    await expect(verifier.verify(token)).rejects.toMatchObject({
      expected: {
        issuers: [
          'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Shop',
          'https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Shop',
        ],
      },
    })
  })

  test('is absent if a function decides which issuers are trusted', async () => {
    const token = await issuer.token({ iss, exp })

    const error = await createVerifier(() => undefined)
      .verify(token)
      .catch((reason: unknown) => reason)

    expect(error).toMatchObject({ code: 'ERR_CLAIM_ISSUER', reason: 'mismatch' })
    expect(error).not.toHaveProperty('expected')
  })

  test('has at most twenty entries of a list, and the beginning of a long text', () => {
    const list = (count: number) => Array.from({ length: count }, (_, at) => `client-${at}`)
    const errorFor = (clientId: string[]) =>
      new TokenError('ERR_CLAIM_CLIENT_ID', { expected: { clientId } })

    expect(errorFor(list(20)).expected?.clientId).toEqual(list(20))
    expect(errorFor(list(5_000)).expected?.clientId).toEqual([...list(20), '…'])
    expect(errorFor(['x'.repeat(500)]).expected?.clientId).toEqual(['x'.repeat(500)])
    expect(errorFor(['x'.repeat(9_000)]).expected?.clientId).toEqual([`${'x'.repeat(500)}…`])
  })

  test('is a copy, so that a caller cannot change the configuration', () => {
    const scopes = ['a']
    const error = new AccessError('ERR_ACCESS_SCOPE', { scopes, expected: { scopes } })

    expect(error.expected?.scopes).not.toBe(scopes)
  })
})

describe('a slash at the end that alone differs is named', () => {
  test.each([
    ['too many in the issuer', { claims: { iss: `${iss}/` } }, 'ERR_CLAIM_ISSUER'],
    [
      'too few in the issuer',
      {
        trusted: { issuer: 'https://idp.example/' },
        claims: { iss: 'https://idp.example' },
      },
      'ERR_CLAIM_ISSUER',
    ],
    [
      'too many in the audience',
      { trusted: { audience: 'https://api.example' }, claims: { aud: 'https://api.example/' } },
      'ERR_CLAIM_AUDIENCE',
    ],
    [
      'too few in one of several audiences',
      {
        trusted: { audience: 'https://api.example/' },
        claims: { aud: ['other', 'https://api.example'] },
      },
      'ERR_CLAIM_AUDIENCE',
    ],
  ])('%s', async (title, sent: Sent, code) => {
    const error = await refusalOf(sent)

    const slashAtEnd = title.startsWith('too few')
    expect(error).toMatchObject({ code, reason: 'mismatch', expected: { slashAtEnd } })
    expect(error.message).toMatch(/: only a slash at the end differs$/)
  })
})

describe('a claim that is absent has words of its own', () => {
  test.each<[string, string, Sent]>([
    ['aud', 'ERR_CLAIM_AUDIENCE', { trusted: { audience: 'api' } }],
    ['client_id', 'ERR_CLAIM_CLIENT_ID', { trusted: { clientId: 'app' } }],
    ['token_use', 'ERR_CLAIM_TOKEN_USE', { trusted: { tokenUse: 'id' } }],
    ['iss', 'ERR_CLAIM_ISSUER', { claims: { iss: undefined } }],
    ['exp', 'ERR_CLAIM_MISSING', { claims: { exp: undefined } }],
    ['iat', 'ERR_CLAIM_MISSING', { trusted: { maxTokenAgeSeconds: 60 } }],
    ['sub', 'ERR_CLAIM_MISSING', { trusted: { requiredClaims: ['sub'] } }],
  ])('has no %s', async (claim, code, sent) => {
    const error = await refusalOf(sent)

    expect(error).toMatchObject({ code, claim, reason: 'missing' })
    expect(error.message).toBe(`The token has no ${claim}`)
  })

  test('but a name of your own configuration is not in a text that clients see', async () => {
    const error = await refusalOf({ trusted: { requiredClaims: ['https://x.example/"role"'] } })

    expect(error).toMatchObject({ claim: 'https://x.example/"role"', reason: 'missing' })
    expect(error.message).toBe('The token lacks a required claim')
  })

  test.each([
    ['aud', { trusted: { audience: 'a' }, claims: { aud: 7 } }, 'audience (aud)'],
    ['client_id', { trusted: { clientId: 'a' }, claims: { client_id: 7 } }, 'client_id'],
    ['exp', { claims: { exp: 'soon' } }, 'exp'],
  ])('and so has a %s of the wrong type', async (claim, sent: Sent, words) => {
    const error = await refusalOf(sent)

    expect(error).toMatchObject({ claim, reason: 'invalid' })
    expect(error.message).toBe(`The token has an invalid ${words}`)
  })
})

describe('the cause in JSON', () => {
  const jsonOf = (cause: unknown): unknown =>
    JSON.parse(JSON.stringify(new KeysError('ERR_JWKS_UNAVAILABLE', { cause }))).cause

  test('says what failed behind a failed fetch', () => {
    const dns = Object.assign(new Error('getaddrinfo ENOTFOUND idp.example'), {
      code: 'ENOTFOUND',
    })

    expect(jsonOf(new TypeError('fetch failed', { cause: dns }))).toEqual({
      name: 'TypeError',
      message: 'fetch failed',
      cause: { name: 'Error', message: 'getaddrinfo ENOTFOUND idp.example', code: 'ENOTFOUND' },
    })
  })

  test('says the first of several errors', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED ::1:443'), {
      code: 'ECONNREFUSED',
    })

    expect(jsonOf(new AggregateError([refused, new Error('other')]))).toEqual({
      name: 'AggregateError',
      message: '',
      cause: { name: 'Error', message: 'connect ECONNREFUSED ::1:443', code: 'ECONNREFUSED' },
    })
  })

  test.each([
    ['text', { name: 'string', message: 'text' }],
    [null, { name: 'object', message: 'null' }],
    [7n, { name: 'bigint', message: '7' }],
    [Symbol('s'), { name: 'symbol', message: 'Symbol(s)' }],
    [{}, { name: 'object' }],
    [() => undefined, { name: expect.any(String) }],
    [{ name: 1, message: {}, code: {} }, { name: 'object' }],
    [{ code: 429 }, { name: 'object', code: 429 }],
    [{ code: Number.NaN, errors: 'none' }, { name: 'object' }],
  ])('may be anything: %o', (cause, json) => {
    expect(jsonOf(cause)).toEqual(json)
  })

  test('is bounded, in depth and in length', () => {
    const circle = new Error('x'.repeat(10_000))
    circle.cause = circle

    const text = JSON.stringify(jsonOf(circle))

    expect(text.match(/"name"/g)).toHaveLength(4)
    expect(text.length).toBeLessThan(3_000)
  })

  test('is absent if there is none', () => {
    expect(jsonOf(undefined)).toBeUndefined()
  })
})

test('a network error says that the request to the issuer failed', async () => {
  const fetch = () => Promise.reject(new TypeError('fetch failed'))
  const trusted = { jwks: undefined, jwksUri: issuer.jwksUri } as Partial<TrustedIssuer>

  const error = await refusalOf({ trusted, options: { fetch } })

  expect(error).toMatchObject({ code: 'ERR_JWKS_UNAVAILABLE', reason: 'network' })
  expect(error.message).toContain('keys of the issuer')
  expect(error.message).toContain('the request to the issuer failed')
  expect(error.toJSON().cause).toEqual({ name: 'TypeError', message: 'fetch failed' })
})
