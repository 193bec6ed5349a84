/**
 * Step 2: the header. Every token here has a valid signature, unless its algorithm has none.
 */
import { createHmac } from 'node:crypto'
import { type Algorithm, createVerifier, type TrustedIssuer } from 'jwt-gate'
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { isAvailable } from '../../../src/verify/algorithms.ts'
import { firstKey } from '../support/raw-token.ts'

const issuer = await createTestIssuer()
const trusted = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }
const verifier = createVerifier(trusted)
const claims = { iss: issuer.issuer, exp: 4_000_000_000 }
/** What RFC 9068 requires beside `iss` and `exp`. */
const profile = { ...claims, aud: 'api', sub: 'alice', client_id: 'app', iat: 1, jti: '1' }
const tokenWith = (header: Record<string, unknown>): Promise<string> =>
  issuer.token(profile, { header })

describe('alg', () => {
  const refused = { name: 'TokenError', code: 'ERR_TOKEN_ALGORITHM', status: 401, claim: 'alg' }

  test.each([
    undefined,
    null,
    true,
    256,
    ['RS256'],
    { RS256: true },
    '',
    'none',
    'None',
    'nOnE',
    'NONE',
    'rs256',
    'RS256 ',
    'RS256\0',
    'RS257',
    'ES256K',
    'HS256',
    'HS384',
    'HS512',
    'RSA-OAEP',
    'dir',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
  ])('rejects %j', async (alg) => {
    await expect(verifier.verify(await tokenWith({ alg }))).rejects.toMatchObject(refused)
  })

  test('rejects an unsigned token', async () => {
    const token = await issuer.token(claims, { header: { alg: 'none' }, sign: () => '' })

    await expect(verifier.verify(token)).rejects.toMatchObject(refused)
  })

  test('rejects HMAC with the public key as its secret', async () => {
    const token = await issuer.token(claims, {
      header: { alg: 'HS256' },
      sign: (text, key) => createHmac('sha256', JSON.stringify(key.jwk)).update(text).digest(),
    })

    await expect(verifier.verify(token)).rejects.toMatchObject(refused)
  })

  test('rejects a supported algorithm that is not in the allow list', async () => {
    const narrow = createVerifier({
      issuer: issuer.issuer,
      audience: null,
      jwksUri: issuer.jwksUri,
      algorithms: ['RS384', 'ES256'],
    })

    await expect(narrow.verify(await issuer.accessToken())).rejects.toMatchObject(refused)
  })

  test('rejects ML-DSA by default if Node does not support it', async ({ skip }) => {
    skip(isAvailable('ML-DSA-44'), 'this version of Node has ML-DSA')
    const token = await tokenWith({ alg: 'ML-DSA-44' satisfies Algorithm })

    await expect(verifier.verify(token)).rejects.toMatchObject(refused)
  })
})

describe('typ', () => {
  const JWT = ['JWT', 'jwt', 'Jwt', 'application/jwt', 'Application/JWT']
  const ACCESS_TOKEN = ['at+jwt', 'AT+JWT', 'application/at+jwt', 'APPLICATION/AT+jwt']
  const OTHER = [
    '',
    ' ',
    'JWT ',
    'xjwt',
    'JOSE',
    'dpop+jwt',
    'logout+jwt',
    'secevent+jwt',
    'id+jwt',
    'text/application/jwt',
    'japplication/wt',
    'application/',
    'application/application/jwt',
    '/jwt',
    null,
    1,
    true,
    ['JWT'],
    { JWT: 1 },
  ]
  const rules: [TrustedIssuer['tokenType'], accepted: unknown[], refused: unknown[]][] = [
    [undefined, [undefined, ...JWT, ...ACCESS_TOKEN], OTHER],
    ['JWT', [undefined, ...JWT], [...ACCESS_TOKEN, ...OTHER]],
    ['at+jwt', ACCESS_TOKEN, [undefined, ...JWT, ...OTHER]],
    [null, [undefined, ...JWT, ...ACCESS_TOKEN, ...OTHER], []],
    ['application/JWT', [undefined, ...JWT], [...ACCESS_TOKEN, ...OTHER]],
    ['application/at+jwt', ACCESS_TOKEN, [undefined, ...JWT, ...OTHER]],
    [
      'JOSE',
      ['JOSE', 'jose', 'application/jose', 'Application/JOSE'],
      [
        undefined,
        ...JWT,
        ...ACCESS_TOKEN,
        'JWS',
        'JOSE ',
        'JOSE+JSON',
        'text/jose',
        null,
        ['JOSE'],
      ],
    ],
    ['JWS', ['JWS', 'jws', 'application/jws'], [undefined, ...JWT, 'JOSE', 'JW', 'JWSS']],
    [
      'application/okta-internal-at+jwt',
      ['okta-internal-at+jwt', 'application/okta-internal-at+jwt', 'OKTA-Internal-AT+JWT'],
      [undefined, ...JWT, ...ACCESS_TOKEN, 'o\u212ata-internal-at+jwt', 'okta-internal-at'],
    ],
    ['text/jwt', ['text/jwt', 'TEXT/JWT'], [undefined, ...JWT, 'application/text/jwt1', 'text']],
  ]

  describe.each(rules)('tokenType %j', (tokenType, accepted, refused) => {
    const strict = createVerifier({ ...trusted, tokenType })

    test.each(accepted)('accepts %j', async (typ) => {
      await expect(strict.verify(await tokenWith({ typ }))).resolves.toBeDefined()
    })

    test.each(refused)('rejects %j', async (typ) => {
      await expect(strict.verify(await tokenWith({ typ }))).rejects.toMatchObject({
        name: 'TokenError',
        code: 'ERR_TOKEN_TYPE',
        status: 401,
        claim: 'typ',
      })
    })
  })
})

describe('extensions', () => {
  test.each([
    ['crit', ['exp']],
    ['crit', ['b64']],
    ['crit', []],
    ['crit', 'exp'],
    ['crit', null],
    ['crit', {}],
    ['crit', ['toString', '__proto__']],
    ['b64', false],
    ['b64', true],
    ['zip', 'DEF'],
    ['zip', null],
  ])('rejects %s: %j', async (name, value) => {
    await expect(verifier.verify(await tokenWith({ [name]: value }))).rejects.toMatchObject({
      name: 'TokenError',
      code: 'ERR_TOKEN_UNSUPPORTED',
      status: 401,
      claim: name,
    })
  })

  test.each([null, 1, true, [], {}, [firstKey(issuer).kid]])('rejects the kid %j', async (kid) => {
    await expect(verifier.verify(await tokenWith({ kid }))).rejects.toMatchObject({
      code: 'ERR_TOKEN_MALFORMED',
      claim: 'kid',
      reason: 'invalid',
    })
  })

  test('ignores members that it does not know', async () => {
    const { header } = await verifier.verify(await tokenWith({ cty: 'JWT', other: [1] }))

    expect(header).toMatchObject({ cty: 'JWT', other: [1] })
  })
})

describe('keys in the token itself', () => {
  const urls: string[] = []
  const fetch: typeof globalThis.fetch = (input, init) => {
    urls.push(String(input))
    return issuer.fetch(input, init)
  }
  const online = { issuer: issuer.issuer, audience: null, jwksUri: issuer.jwksUri }

  test('are not used: jwk and x5c are ignored, and jku and x5u are never requested', async () => {
    const key = issuer.keys[1] as TestKey
    const header = {
      kid: firstKey(issuer).kid,
      jwk: key.jwk,
      jku: 'https://evil.example/jwks.json',
      x5u: 'http://169.254.169.254/latest/meta-data',
      x5c: ['MIIB'],
    }
    const forged = await issuer.token(claims, { key, header })
    const own = await issuer.token(claims, { header })

    const asker = createVerifier(online, { fetch })

    await expect(asker.verify(forged)).rejects.toMatchObject({ code: 'ERR_TOKEN_SIGNATURE' })
    await expect(asker.verify(own)).resolves.toBeDefined()
    expect(urls).toEqual([issuer.jwksUri])
  })
})
