/**
 * A header must not demand what the verifier does not support, nor belong to another kind of token (RFC 7515 s4.1.9, s4.1.11;
 * RFC 7797 s7; RFC 8725 s3.11, s3.12; RFC 9068 s4; CVE-2025-59420, CVE-2026-32597, CVE-2026-35042).
 */
import type { TrustedIssuer } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { claimsOf, judge, now, segment, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const claims = claimsOf(issuer)

const judgeHeader = async (
  header: Record<string, unknown>,
  { good = {}, ...change }: Partial<TrustedIssuer> & { good?: Record<string, unknown> } = {},
): Promise<string> =>
  judge({
    trusted: trust(issuer, change),
    attack: await issuer.token(claims, { header: { ...good, ...header } }),
    control: await issuer.token(claims, { header: good }),
  })

describe('no critical extension is passed over', () => {
  test.each<unknown>([
    ['exp'],
    ['b64'],
    ['x-unknown'],
    ['http://example.com/unknown'],
    ['alg'],
    ['kid', 'typ'],
    ['toString'],
    ['__proto__'],
    ['constructor', 'hasOwnProperty'],
    [''],
    [null],
    [['b64']],
    [],
    {},
    { b64: true },
    'b64',
    '',
    null,
    true,
    false,
    0,
  ])('crit %j', async (crit) => {
    const good = { exp: 1, 'x-unknown': 1 }

    expect(await judgeHeader({ crit }, { good })).toBe('ERR_TOKEN_UNSUPPORTED crit')
  })
})

describe('no payload is read in another way', () => {
  test.each<[string, unknown]>([
    ['b64', false],
    ['b64', true],
    ['b64', 'false'],
    ['b64', null],
    ['zip', 'DEF'],
    ['zip', 'GZ'],
    ['zip', ''],
    ['zip', null],
    ['zip', false],
  ])('%s %j', async (name, value) => {
    expect(await judgeHeader({ [name]: value })).toBe(`ERR_TOKEN_UNSUPPORTED ${name}`)
  })

  test('an unencoded payload, signed according to RFC 7797', async () => {
    const good = await issuer.token(claims)
    const header = segment({ alg: 'RS256', kid: issuer.keys[0]?.kid, b64: false, crit: ['b64'] })
    const attack = `${header}.${JSON.stringify(claims)}.${good.split('.')[2]}`

    const outcome = await judge({ trusted: trust(issuer), attack, control: good })

    expect(outcome).toBe('ERR_TOKEN_MALFORMED')
  })
})

/** Values that other specifications use for `typ`. */
const OTHER_TYPES: unknown[] = [
  'dpop+jwt',
  'logout+jwt',
  'secevent+jwt',
  'application/secevent+jwt',
  'token-introspection+jwt',
  'oauth-authz-req+jwt',
  'entity-statement+jwt',
  'vc+sd-jwt',
  'kb+jwt',
  'id+jwt',
  'rt+jwt',
  'JOSE',
  'JOSE+JSON',
  'JWE',
  'text/jwt',
  'application/application/jwt',
  'application/',
  'jwt;charset=utf-8',
  'at+jwt ',
  ' at+jwt',
  'at+jwt\0',
  'at jwt',
  'at\u200b+jwt',
  '\uff4a\uff57\uff54',
  'xat+jwt',
  'at+jwtx',
  '',
  null,
  0,
  true,
  ['at+jwt'],
  { typ: 'at+jwt' },
]

describe.each<[TrustedIssuer['tokenType'], string]>([
  [undefined, 'JWT'],
  ['JWT', 'JWT'],
  ['at+jwt', 'at+jwt'],
  ['JWS', 'JWS'],
  ['x-internal-at+jwt', 'x-internal-at+jwt'],
])('no other kind of token passes where tokenType is %s', (tokenType, typ) => {
  test.each(OTHER_TYPES)('%j', async (other) => {
    const outcome = await judgeHeader({ typ: other }, { good: { typ }, tokenType })

    expect(outcome).toBe('ERR_TOKEN_TYPE typ')
  })
})

test.each<[TrustedIssuer['tokenType'], unknown]>([
  ['at+jwt', undefined],
  ['at+jwt', 'JWT'],
  ['at+jwt', 'application/jwt'],
  ['JWT', 'at+jwt'],
  ['JWT', 'application/at+jwt'],
  ['JWT', 'AT+JWT'],
  ['JWS', undefined],
  ['JWS', 'JWT'],
  ['JWS', 'at+jwt'],
  ['JWS', 'JOSE'],
  ['x-internal-at+jwt', 'at+jwt'],
  ['x-internal-at+jwt', 'internal-at+jwt'],
  ['kind', '\u212aind'],
])('where tokenType is %s, none of the other passes: %j', async (tokenType, typ) => {
  const good = { typ: tokenType }

  expect(await judgeHeader({ typ }, { good, tokenType })).toBe('ERR_TOKEN_TYPE typ')
})

describe('no issuer gets the rules of another', () => {
  const A = trust(issuer, { issuer: 'https://a.example', algorithms: ['RS256'], tokenType: 'JWT' })
  const B = { ...A, issuer: 'https://b.example', algorithms: ['RS512' as const], tokenType: null }
  const C = { ...B, algorithms: ['RS256' as const] }

  test.each<[string, TrustedIssuer, Record<string, unknown>, string]>([
    [
      'its algorithms',
      { ...B, jwks: { keys: [{ ...issuer.jwks.keys[0], alg: 'RS512' } as never] } },
      { alg: 'RS512' },
      'ERR_TOKEN_ALGORITHM alg',
    ],
    ['its types', C, { typ: 'logout+jwt' }, 'ERR_TOKEN_TYPE typ'],
  ])('%s', async (_, other, header, outcome) => {
    const attack = await issuer.token({ ...claims, iss: A.issuer }, { header })
    const control = await issuer.token({ ...claims, iss: A.issuer }, { header: { typ: 'JWT' } })

    expect(await judge({ trusted: [A, other], attack, control })).toBe(outcome)
  })
})
