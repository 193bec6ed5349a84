/**
 * Step 3: only tokens of trusted issuers are accepted, each with the keys and conditions of its issuer.
 */
import { cognito, createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { beforeEach, describe, expect, test } from 'vitest'
import { encode, firstKey } from '../support/raw-token.ts'

const exp = 4_000_000_000
const issuer = await createTestIssuer()

describe('iss', () => {
  const verifier = createVerifier({ issuer: issuer.issuer, audience: null, jwks: issuer.jwks })
  const refused = { name: 'TokenError', code: 'ERR_CLAIM_ISSUER', status: 401, claim: 'iss' }

  test('is returned as it is configured', async () => {
    const verified = await verifier.verify(await issuer.accessToken())

    expect(verified.issuer).toBe(issuer.issuer)
    expect(verified.claims.iss).toBe(issuer.issuer)
  })

  const good = issuer.issuer
  test.each([
    null,
    1,
    true,
    {},
    [],
    [good],
    [[good]],
    ['https://evil.example', good],
    { issuer: good },
    '',
    `${good}/`,
    `${good}x`,
    ` ${good}`,
    good.slice(0, -1),
    good.toUpperCase(),
    good.replace('https:', 'http:'),
    good.replace('cognito-idp', 'COGNITO-IDP'),
    good.replace('.com/', '.com:443/'),
    good.replace('https://', 'https://user@'),
    `https://evil.example/?${good}`,
    '__proto__',
    'constructor',
  ])('rejects %j', async (iss) => {
    const token = await issuer.accessToken({ iss })

    await expect(verifier.verify(token)).rejects.toMatchObject({ ...refused, reason: 'mismatch' })
  })

  test('rejects a token without iss', async () => {
    const token = await issuer.accessToken({ iss: undefined })

    await expect(verifier.verify(token)).rejects.toMatchObject({ ...refused, reason: 'missing' })
  })
})

describe('input and output', () => {
  const { issuer: iss, jwksUri } = issuer
  const header = (members: object): string => encode(JSON.stringify(members))
  const rest = `${encode(JSON.stringify({ iss }))}.AAAA`
  const { kid } = firstKey(issuer)

  test.each([
    ['no token', async () => ''],
    ['text', async () => 'not a token'],
    ['a token that is too large', async () => 'x'.repeat(20_000)],
    ['a payload that is not JSON', async () => `${header({ alg: 'RS256', kid })}.AAAA.AAAA`],
    ['alg none', async () => `${header({ alg: 'none', kid })}.${rest}`],
    ['HMAC', async () => `${header({ alg: 'HS256', kid })}.${rest}`],
    ['another typ', async () => `${header({ alg: 'RS256', kid, typ: 'dpop+jwt' })}.${rest}`],
    ['crit', async () => `${header({ alg: 'RS256', kid, crit: ['x'] })}.${rest}`],
    ['a kid that is no string', async () => `${header({ alg: 'RS256', kid: 1 })}.${rest}`],
    ['another issuer', () => issuer.accessToken({ iss: 'https://cognito-idp.evil.example/pool' })],
    ['another pool', () => issuer.accessToken({ iss: `${iss}2` })],
    ['no issuer', () => issuer.accessToken({ iss: undefined })],
  ])('sends no request for %s', async (_, makeToken) => {
    const verifier = createVerifier(
      { issuer: iss, audience: null, jwksUri },
      { fetch: issuer.fetch },
    )

    await expect(verifier.verify(await makeToken())).rejects.toMatchObject({ name: 'TokenError' })

    expect(issuer.requests).toBe(0)
  })
})

describe('two issuers', async () => {
  const a = issuer
  const b = await createTestIssuer()
  const [A, B] = ['https://a.example', 'https://b.example']
  const withKid = (issuer: typeof a, kid: string) => ({
    keys: issuer.jwks.keys.slice(0, 1).map((key) => ({ ...key, kid })),
  })
  let verifier: ReturnType<typeof createVerifier>

  beforeEach(() => {
    verifier = createVerifier([
      { issuer: A, audience: 'api-a', jwks: withKid(a, 'same') },
      { issuer: B, audience: null, jwks: withKid(b, 'same'), tokenType: null },
    ])
  })

  test('may use the same kid for different keys', async () => {
    const header = { kid: 'same' }
    const ofA = await a.token({ iss: A, exp, aud: 'api-a' }, { header })
    const ofB = await b.token({ iss: B, exp }, { header })

    await expect(verifier.verify(ofA)).resolves.toMatchObject({ issuer: A })
    await expect(verifier.verify(ofB)).resolves.toMatchObject({ issuer: B })
  })

  test('cannot sign for each other', async () => {
    const header = { kid: 'same' }
    const byB = await b.token({ iss: A, exp, aud: 'api-a' }, { header })
    const byA = await a.token({ iss: B, exp }, { header })

    await expect(verifier.verify(byB)).rejects.toMatchObject({ code: 'ERR_TOKEN_SIGNATURE' })
    await expect(verifier.verify(byA)).rejects.toMatchObject({ code: 'ERR_TOKEN_SIGNATURE' })
  })

  test('cannot use a key of the other', async () => {
    const own = createVerifier([
      { issuer: A, audience: null, jwks: a.jwks },
      { issuer: B, audience: null, jwks: b.jwks },
    ])

    const work = own.verify(await b.token({ iss: A, exp }))

    await expect(work).rejects.toMatchObject({ code: 'ERR_KEY_NOT_FOUND' })
  })

  test('keep their own conditions', async () => {
    const header = { kid: 'same' }
    const ofA = await a.token({ iss: A, exp, aud: 'api-b' }, { header })
    const typed = { header: { ...header, typ: 'other' } }

    await expect(verifier.verify(ofA)).rejects.toMatchObject({ code: 'ERR_CLAIM_AUDIENCE' })
    await expect(verifier.verify(await a.token({ iss: A, exp }, typed))).rejects.toMatchObject({
      code: 'ERR_TOKEN_TYPE',
    })
    await expect(verifier.verify(await b.token({ iss: B, exp }, typed))).resolves.toBeDefined()
  })

  test('do not share a header that was valid for one of them', async () => {
    const header = { kid: 'same', typ: 'other' }
    await verifier.verify(await b.token({ iss: B, exp }, { header }))

    const work = verifier.verify(await a.token({ iss: A, exp, aud: 'api-a' }, { header }))

    await expect(work).rejects.toMatchObject({ code: 'ERR_TOKEN_TYPE' })
  })

  test('keep their own algorithms', async () => {
    const header = { alg: 'RS512' }
    const strict = createVerifier([
      { issuer: A, audience: null, jwks: a.jwks, algorithms: ['RS256'] },
      { issuer: B, audience: null, jwksUri: 'https://b.example/keys', algorithms: ['RS512'] },
    ])

    const ofA = await a.token({ iss: A, exp }, { header })
    const ofNobody = await a.token({ iss: 'https://c.example', exp }, { header })
    const unknown = await a.token({ iss: 'https://c.example', exp }, { header: { alg: 'ES256' } })

    await expect(strict.verify(ofA)).rejects.toMatchObject({ code: 'ERR_TOKEN_ALGORITHM' })
    await expect(strict.verify(ofNobody)).rejects.toMatchObject({ code: 'ERR_CLAIM_ISSUER' })
    await expect(strict.verify(unknown)).rejects.toMatchObject({ code: 'ERR_TOKEN_ALGORITHM' })
  })
})

describe('one issuer for two kinds of token', () => {
  const { issuer: iss, jwks, clientId } = issuer
  const verifier = createVerifier([
    { issuer: iss, audience: null, jwks, tokenUse: 'access', clientId },
    { issuer: iss, audience: clientId, jwks, tokenUse: 'id' },
  ])

  test('accepts both kinds, each under its own conditions', async () => {
    await expect(verifier.verify(await issuer.accessToken())).resolves.toBeDefined()
    await expect(verifier.verify(await issuer.idToken())).resolves.toBeDefined()
    await expect(
      verifier.verify(await issuer.accessToken({ client_id: 'other' })),
    ).rejects.toMatchObject({ code: 'ERR_CLAIM_CLIENT_ID' })
    await expect(verifier.verify(await issuer.idToken({ aud: 'other' }))).rejects.toMatchObject({
      code: 'ERR_CLAIM_AUDIENCE',
    })
  })

  test.each([undefined, null, 'refresh', ['access']])('rejects the kind %j', async (token_use) => {
    const token = await issuer.accessToken({ token_use })

    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'ERR_CLAIM_TOKEN_USE' })
  })
})

describe('a placeholder that was left in', () => {
  const jwks = issuer.jwks
  const keys = 'https://idp.example/keys'

  test.each<[string, object]>([
    ['issuer', { issuer: 'https://{yourDomain}/oauth2/default' }],
    ['issuer', { issuer: 'https://{yourDomain}/oauth2/default', jwks }],
    ['issuer', { issuer: 'https://idp.example/{tenantid}/v2.0', jwksUri: keys }],
    ['issuer', { issuer: 'https://cognito-idp.<region>.amazonaws.com/<pool>', jwks }],
    ['issuer', { issuer: 'https://{{ domain }}/', jwks }],
    ['issuer', { issuer: '<your issuer>', jwks }],
    ['jwksUri', { issuer: 'https://idp.example', jwksUri: 'https://{yourDomain}/keys' }],
    ['jwksUri', { issuer: 'https://idp.example', jwksUri: 'https://idp.example/keys?p=<policy>' }],
  ])('is an invalid "%s": %j', (option, trusted) => {
    const create = () => createVerifier({ audience: null, ...trusted } as never)

    expect(create).toThrow(`"${option}" contains a placeholder`)
    expect(create).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }))
  })

  test.each(['https://idp.example/a-b_c~d', 'urn:example:idp', 'accounts.example.com', 'a<b'])(
    'is not found in %j',
    (iss) => {
      expect(() => createVerifier({ issuer: iss, audience: null, jwks })).not.toThrow()
    },
  )
})

describe('a URL of metadata or keys in place of the issuer', () => {
  const idp = 'https://idp.example'
  const { jwks } = issuer

  test.each([
    [`${idp}/.well-known/openid-configuration`, idp],
    [`${idp}/.well-known/openid-configuration/`, `${idp}/`],
    [`${idp}/realms/main/.well-known/openid-configuration`, `${idp}/realms/main`],
    [`${idp}/.well-known/oauth-authorization-server`, idp],
    [`${idp}/.well-known/oauth-authorization-server/tenant`, `${idp}/tenant`],
    [`${idp}/pool/.well-known/jwks.json`, `${idp}/pool`],
    [`${idp}/.well-known/jwks`, idp],
  ])('%s is a ConfigError that says to use %s', (url, name) => {
    for (const keys of [{}, { jwks }, { jwksUri: `${idp}/keys` }]) {
      expect(() => createVerifier({ issuer: url, audience: null, ...keys })).toThrow(
        expect.objectContaining({
          code: 'ERR_CONFIG_INVALID',
          message: `"issuer" is the URL of a document: use the iss of the tokens, such as ${name}`,
        }),
      )
    }
  })

  test('is no option of cognito() either', () => {
    const url = `${issuer.issuer}/.well-known/openid-configuration`
    const ours = { userPoolId: issuer.userPoolId, clientId: null, tokenUse: null } as const

    expect(() => createVerifier(cognito({ ...ours, issuer: url }))).toThrow(
      `such as ${issuer.issuer}`,
    )
  })

  test.each([`${idp}/.well-known/other`, `${idp}/well-known/jwks`, `${idp}/.well-known`])(
    'is not found in %s',
    (iss) => {
      expect(() => createVerifier({ issuer: iss, audience: null, jwks })).not.toThrow()
    },
  )
})
