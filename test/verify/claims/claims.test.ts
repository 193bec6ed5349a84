/**
 * Step 6: the audience, the client and the kind of a token, and the claims that it must and must not have.
 */
import { createVerifier, type TrustedIssuer } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'

const issuer = await createTestIssuer()
const iss = issuer.issuer
const base: TrustedIssuer = { issuer: iss, audience: null, jwks: issuer.jwks }
const exp = 4_000_000_000

/** The outcome for these claims under these conditions: `'accepted'`, or the error in short. */
async function judge(
  conditions: Partial<TrustedIssuer>,
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
): Promise<string> {
  const verifier = createVerifier({ ...base, ...conditions })
  const token = await issuer.token({ iss, exp, ...claims }, { header })
  return verifier.verify(token).then(
    () => 'accepted',
    ({ code, claim, reason }) => [code, claim, reason].filter(Boolean).join(' '),
  )
}

describe('aud', () => {
  const INVALID = 'ERR_CLAIM_AUDIENCE aud invalid'
  const OTHER = 'ERR_CLAIM_AUDIENCE aud mismatch'

  test.each([
    ['api', 'accepted'],
    ['web', 'accepted'],
    [['api'], 'accepted'],
    [['other', 'web'], 'accepted'],
    [undefined, 'ERR_CLAIM_AUDIENCE aud missing'],
    ['other', OTHER],
    [['other'], OTHER],
    [[], OTHER],
    ['', OTHER],
    ['ap', OTHER],
    ['apis', OTHER],
    ['API', OTHER],
    ['api web', OTHER],
    ['api,web', OTHER],
    [['api web'], OTHER],
    ['toString', OTHER],
    [null, INVALID],
    [1, INVALID],
    [true, INVALID],
    [{ api: true }, INVALID],
    [['api', 1], INVALID],
    [['api', null], INVALID],
    [[['api']], INVALID],
  ])('%j is %s', async (aud, outcome) => {
    expect(await judge({ audience: ['api', 'web'] }, { aud })).toBe(outcome)
  })

  test('may be one string in the configuration', async () => {
    expect(await judge({ audience: 'api' }, { aud: 'api' })).toBe('accepted')
    expect(await judge({ audience: 'api' }, { aud: 'a' })).toBe(OTHER)
  })

  test.each([
    [undefined, 'accepted'],
    ['anything', 'accepted'],
    [[], 'accepted'],
    [null, INVALID],
    [1, INVALID],
    [['a', 1], INVALID],
  ])('must be well formed even if it is not compared: %j is %s', async (aud, outcome) => {
    expect(await judge({ audience: null }, { aud })).toBe(outcome)
  })
})

describe('client_id', () => {
  const OTHER = 'ERR_CLAIM_CLIENT_ID client_id mismatch'

  test.each([
    [{ client_id: 'app' }, 'accepted'],
    [{ client_id: 'web' }, 'accepted'],
    [{ azp: 'app' }, 'accepted'],
    [{ client_id: 'app', azp: 'other' }, 'accepted'],
    [{}, 'ERR_CLAIM_CLIENT_ID client_id missing'],
    [{ aud: 'app' }, 'ERR_CLAIM_CLIENT_ID client_id missing'],
    [{ client_id: 'other' }, OTHER],
    [{ client_id: 'other', azp: 'app' }, OTHER],
    [{ client_id: '' }, OTHER],
    [{ client_id: 'APP' }, OTHER],
    [{ client_id: 'app web' }, OTHER],
    [{ azp: 'other' }, 'ERR_CLAIM_CLIENT_ID azp mismatch'],
    [{ client_id: null, azp: 'app' }, 'ERR_CLAIM_CLIENT_ID client_id invalid'],
    [{ client_id: ['app'] }, 'ERR_CLAIM_CLIENT_ID client_id invalid'],
    [{ client_id: 1 }, 'ERR_CLAIM_CLIENT_ID client_id invalid'],
    [{ azp: ['app'] }, 'ERR_CLAIM_CLIENT_ID azp invalid'],
  ])('%j is %s', async (claims, outcome) => {
    expect(await judge({ clientId: ['app', 'web'] }, claims)).toBe(outcome)
  })

  test.each([
    [{ cid: 'app' }, 'accepted'],
    [{ cid: 'web', client_id: 'other', azp: 'other' }, 'accepted'],
    [{ client_id: 'app' }, 'ERR_CLAIM_CLIENT_ID cid missing'],
    [{ azp: 'app' }, 'ERR_CLAIM_CLIENT_ID cid missing'],
    [{ cid: 'other', client_id: 'app' }, 'ERR_CLAIM_CLIENT_ID cid mismatch'],
    [{ cid: ['app'] }, 'ERR_CLAIM_CLIENT_ID cid invalid'],
    [{ cid: null, client_id: 'app' }, 'ERR_CLAIM_CLIENT_ID cid invalid'],
  ])('is read from clientIdClaim alone if that is given: %j is %s', async (claims, outcome) => {
    const trusted = { clientId: ['app', 'web'], clientIdClaim: 'cid' }

    expect(await judge(trusted, claims)).toBe(outcome)
  })

  test('is not compared if no client is configured', async () => {
    expect(await judge({}, { client_id: 'anyone' })).toBe('accepted')
  })
})

describe('token_use', () => {
  const OTHER = 'ERR_CLAIM_TOKEN_USE token_use mismatch'

  test.each([
    ['access', 'access', 'accepted'],
    ['id', 'id', 'accepted'],
    ['access', 'id', OTHER],
    ['id', 'access', OTHER],
    ['access', undefined, 'ERR_CLAIM_TOKEN_USE token_use missing'],
    ['access', 'ACCESS', OTHER],
    ['access', ['access'], OTHER],
    ['access', null, OTHER],
    ['access', true, OTHER],
    [undefined, 'refresh', 'accepted'],
  ] as const)('if %s is required, %j is %s', async (tokenUse, token_use, outcome) => {
    expect(await judge({ tokenUse }, { token_use })).toBe(outcome)
  })

  test('is reported before the claims that the other kind of token lacks', async () => {
    const outcome = await judge(
      { tokenUse: 'access', clientId: 'app', audience: 'api' },
      { token_use: 'id' },
    )

    expect(outcome).toBe(OTHER)
  })
})

describe('the RFC 9068 profile', () => {
  const all = { aud: 'api', sub: 'alice', client_id: 'app', iat: 1, jti: '1' }
  const header = { typ: 'at+jwt' }

  test('accepts a token that has all required claims', async () => {
    expect(await judge({ tokenType: 'at+jwt' }, all, header)).toBe('accepted')
  })

  test.each(Object.keys(all))('requires %s', async (claim) => {
    const outcome = await judge({ tokenType: 'at+jwt' }, { ...all, [claim]: undefined }, header)

    expect(outcome).toBe(`ERR_CLAIM_MISSING ${claim} missing`)
  })

  test.each(['JWT', null, undefined] as const)(
    'requires none of them if tokenType is %s',
    async (tokenType) => {
      expect(await judge({ tokenType }, {})).toBe('accepted')
    },
  )

  test.each([
    [{}, 'ERR_CLAIM_MISSING tenant missing'],
    [{ tenant: 'acme' }, 'accepted'],
    [{ ...all, tenant: undefined }, 'ERR_CLAIM_MISSING tenant missing'],
  ])('requires requiredClaims instead if they are given: %j is %s', async (claims, outcome) => {
    const trusted = { tokenType: 'at+jwt', requiredClaims: ['tenant'] }

    expect(await judge(trusted, claims, header)).toBe(outcome)
  })
})

describe('requiredClaims', () => {
  const MISSING = 'ERR_CLAIM_MISSING tenant missing'

  test.each([
    ['acme', 'accepted'],
    ['', 'accepted'],
    [0, 'accepted'],
    [false, 'accepted'],
    [[], 'accepted'],
    [undefined, MISSING],
    [null, MISSING],
  ])('a claim that is %j is %s', async (tenant, outcome) => {
    expect(await judge({ requiredClaims: ['exp', 'tenant'] }, { tenant })).toBe(outcome)
  })

  test.each(['toString', 'constructor', '__proto__'])(
    '%s does not count as present because objects inherit it',
    async (claim) => {
      const outcome = await judge({ requiredClaims: [claim] }, {})

      expect(outcome).toBe(`ERR_CLAIM_MISSING ${claim} missing`)
    },
  )
})

describe('identifiers', () => {
  describe.each(['sub', 'client_id', 'jti'])('%s', (claim) => {
    test.each([1, null, true, [], ['alice'], {}])('rejects %j', async (value) => {
      expect(await judge({}, { [claim]: value })).toBe(`ERR_CLAIM_INVALID ${claim} invalid`)
    })
  })

  test.each(['client_id', 'jti'])('an empty %s is rejected', async (claim) => {
    expect(await judge({}, { [claim]: '' })).toBe(`ERR_CLAIM_INVALID ${claim} invalid`)
  })

  test('an empty sub counts as absent: access proxies issue it for services', async () => {
    expect(await judge({}, { sub: '' })).toBe('accepted')
    expect(await judge({ requiredClaims: ['sub'] }, { sub: '' })).toBe(
      'ERR_CLAIM_MISSING sub missing',
    )
  })

  test('may be absent', async () => {
    expect(await judge({}, {})).toBe('accepted')
  })
})

describe('cnf', () => {
  test.each([
    { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' },
    { 'x5t#S256': 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2' },
    {},
    null,
    'x',
    false,
  ])('is rejected, because it binds the token to a key: %j', async (cnf) => {
    expect(await judge({}, { cnf })).toBe('ERR_TOKEN_UNSUPPORTED cnf')
  })
})
