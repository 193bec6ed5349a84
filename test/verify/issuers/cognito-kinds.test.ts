/**
 * Amazon Cognito: access tokens and ID tokens, their clients and audiences, and the options for them.
 */
import { authorize, type CognitoOptions, ConfigError, cognito, createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

const pool = await createTestIssuer()
const { userPoolId, clientId, jwks } = pool

/** The outcome for a token with these options: `'accepted'`, or the error in short. */
async function judge(options: Partial<CognitoOptions>, token: string): Promise<string> {
  const verifier = createVerifier(
    cognito({ userPoolId, clientId, tokenUse: 'access', jwks, ...options } as CognitoOptions),
  )
  return verifier.verify(token).then(
    () => 'accepted',
    ({ code, claim, reason }) => [code, claim, reason].filter(Boolean).join(' '),
  )
}

const OTHER_KIND = 'ERR_CLAIM_TOKEN_USE token_use mismatch'

describe('kinds of token', () => {
  test('access tokens of users and of machines are accepted', async () => {
    expect(await judge({ tokenUse: 'access' }, await pool.accessToken())).toBe('accepted')
    expect(await judge({ tokenUse: 'access' }, await pool.machineToken())).toBe('accepted')
  })

  test('an ID token is accepted if ID tokens are configured', async () => {
    expect(await judge({ tokenUse: 'id' }, await pool.idToken())).toBe('accepted')
  })

  test('an ID token is not accepted as an access token, and the error says so', async () => {
    expect(await judge({ tokenUse: 'access' }, await pool.idToken())).toBe(OTHER_KIND)
    expect(await judge({ tokenUse: 'access', clientId: null }, await pool.idToken())).toBe(
      OTHER_KIND,
    )
  })

  test('an access token is not accepted as an ID token, and the error says so', async () => {
    expect(await judge({ tokenUse: 'id' }, await pool.accessToken())).toBe(OTHER_KIND)
    expect(await judge({ tokenUse: 'id' }, await pool.machineToken())).toBe(OTHER_KIND)
    expect(await judge({ tokenUse: 'id', clientId: null }, await pool.accessToken())).toBe(
      OTHER_KIND,
    )
  })

  test('tokenUse null accepts both kinds and no third one', async () => {
    expect(await judge({ tokenUse: null }, await pool.accessToken())).toBe('accepted')
    expect(await judge({ tokenUse: null }, await pool.idToken())).toBe('accepted')
    expect(await judge({ tokenUse: null }, await pool.accessToken({ token_use: 'x' }))).toBe(
      OTHER_KIND,
    )
    expect(await judge({ tokenUse: null }, await pool.accessToken({ token_use: undefined }))).toBe(
      'ERR_CLAIM_TOKEN_USE token_use missing',
    )
  })
})

describe('clientId', () => {
  const NOT_THIS_CLIENT = 'ERR_CLAIM_CLIENT_ID client_id mismatch'
  const NOT_THIS_AUDIENCE = 'ERR_CLAIM_AUDIENCE aud mismatch'

  test.each(['access', null] as const)(
    'is compared with the client_id of an access token, with tokenUse %s',
    async (tokenUse) => {
      const other = await pool.accessToken({ client_id: 'other' })
      const inAud = await pool.accessToken({ client_id: 'other', aud: clientId })

      expect(await judge({ tokenUse }, other)).toBe(NOT_THIS_CLIENT)
      expect(await judge({ tokenUse }, inAud)).toBe(NOT_THIS_CLIENT)
      expect(await judge({ tokenUse, clientId: ['a', 'other'] }, other)).toBe('accepted')
      expect(await judge({ tokenUse, clientId: null }, other)).toBe('accepted')
    },
  )

  test.each(['id', null] as const)(
    'is compared with the aud of an ID token, with tokenUse %s',
    async (tokenUse) => {
      const other = await pool.idToken({ aud: 'other' })
      const inClientId = await pool.idToken({ aud: 'other', client_id: clientId })

      expect(await judge({ tokenUse }, other)).toBe(NOT_THIS_AUDIENCE)
      expect(await judge({ tokenUse }, inClientId)).toBe(NOT_THIS_AUDIENCE)
      expect(await judge({ tokenUse, clientId: ['a', 'other'] }, other)).toBe('accepted')
      expect(await judge({ tokenUse, clientId: null }, other)).toBe('accepted')
    },
  )
})

describe('audience', async () => {
  const audience = 'https://api.example'
  const bound = await pool.accessToken({ aud: audience })

  test('is checked in addition to the client, never instead of it', async () => {
    const otherClient = await pool.accessToken({ aud: audience, client_id: 'other' })

    expect(await judge({ audience }, bound)).toBe('accepted')
    expect(await judge({ audience: ['https://a.example', audience] }, bound)).toBe('accepted')
    expect(await judge({ audience }, otherClient)).toBe('ERR_CLAIM_CLIENT_ID client_id mismatch')
  })

  test('rejects a token for another resource, or for none', async () => {
    const unbound = await pool.accessToken()

    expect(await judge({ audience: 'https://b.example' }, bound)).toBe(
      'ERR_CLAIM_AUDIENCE aud mismatch',
    )
    expect(await judge({ audience }, unbound)).toBe('ERR_CLAIM_AUDIENCE aud missing')
  })

  test('is not required by default', async () => {
    expect(await judge({}, bound)).toBe('accepted')
  })

  test('applies only to access tokens if both kinds are accepted', async () => {
    const tokenUse = null

    expect(await judge({ tokenUse, audience }, bound)).toBe('accepted')
    expect(await judge({ tokenUse, audience }, await pool.idToken())).toBe('accepted')
  })
})

describe('further conditions for the claims', () => {
  const kinds = [
    ['access', () => pool.accessToken.bind(pool)],
    ['id', () => pool.idToken.bind(pool)],
  ] as const

  test.each(kinds)('apply to %s tokens, also if both kinds are accepted', async (kind, mintOf) => {
    const mint = mintOf()
    const seconds = Math.floor(Date.now() / 1_000)
    const schema = z.object({ 'custom:tenant': z.string().transform((name) => name.toUpperCase()) })
    for (const tokenUse of [kind, null]) {
      const old = await mint({ iat: seconds - 1_000 })
      expect(await judge({ tokenUse, requiredClaims: ['custom:tenant'] }, await mint())).toBe(
        'ERR_CLAIM_MISSING custom:tenant missing',
      )
      expect(await judge({ tokenUse, maxTokenAgeSeconds: 600 }, old)).toBe('ERR_TOKEN_TOO_OLD iat')
      expect(await judge({ tokenUse, claims: schema as never }, await mint())).toBe(
        'ERR_TOKEN_CHECK custom:tenant schema',
      )
      const all = { requiredClaims: ['custom:tenant'], maxTokenAgeSeconds: 600, claims: schema }
      const verifier = createVerifier(cognito({ userPoolId, clientId, tokenUse, jwks, ...all }))
      const { claims } = await verifier.verify(await mint({ 'custom:tenant': 'acme' }))
      expect(claims).toEqual({ 'custom:tenant': 'ACME' })
    }
  })

  test.each(kinds)(
    'groupsClaim is where rules read the groups of %s tokens',
    async (kind, mintOf) => {
      const options = { userPoolId, clientId, tokenUse: kind, jwks, groupsClaim: 'cognito:roles' }
      const verified = await createVerifier(cognito(options)).verify(
        await mintOf()({ 'cognito:roles': ['admin'], 'cognito:groups': ['user'] }),
      )

      expect(() => authorize(verified, { groups: ['admin'] })).not.toThrow()
      expect(() => authorize(verified, { groups: ['user'] })).toThrow()
    },
  )
})

describe('options', () => {
  const good = { userPoolId, clientId, tokenUse: 'access' as const }
  const create = (change: object) => () => createVerifier(cognito({ ...good, ...change }))

  test.each([
    ['userPoolId', [undefined, null, '', 1, 'Example', 'eu-west-1', 'eu-west-1_', 'a b_c']],
    ['userPoolId', ['eu-west-1_a/../b', 'eu-west-1_x.evil', 'evil.example/#_x', 'local_Example']],
    ['userPoolId', ['Xeu-west-1_A', 'eu-west-1x_A', [userPoolId]]],
    ['clientId', [undefined, '', [], [''], [1], 1, false]],
    ['tokenUse', [undefined, '', 'refresh', 'ID', 1, false]],
    ['audience', [null, '', [], [''], 1]],
    ['issuer', [null, '', 1]],
    ['jwksUri', [null, '', 1, 'http://keys.example', 'keys']],
    ['jwks', [null, '', 0, [], {}, { keys: [] }]],
    ['requiredClaims', [null, '', [], [1]]],
    ['maxTokenAgeSeconds', [null, '1', -1]],
    ['groupsClaim', [null, '', 1, '/~']],
    ['claims', [null, 'x', {}, () => true]],
    ['client', ['x']],
  ])('"%s" cannot be any of %j', (name, values: unknown[]) => {
    for (const value of values) {
      expect(create({ [name]: value })).toThrow(ConfigError)
      expect(create({ [name]: value })).toThrow(`"${name}"`)
    }
  })

  test.each([undefined, null, 'eu-west-1_Example', []])(
    '"cognito" options cannot be %j',
    (options) => {
      expect(() => cognito(options as never)).toThrow(ConfigError)
      expect(() => cognito(options as never)).toThrow('"options" of cognito()')
    },
  )

  test('"userPoolId" must be a single one if "issuer" is given too', () => {
    const issuer = 'https://idp.example'

    expect(create({ userPoolId: 'a b_c', issuer })).toThrow('"userPoolId"')
    expect(create({ userPoolId: [userPoolId], issuer })).toThrow('"userPoolId"')
  })

  test('the message for a missing "clientId" says how to disable the check', () => {
    expect(create({ clientId: undefined })).toThrow('null switches the check off')
  })

  test('"audience" is not allowed for ID tokens', () => {
    expect(create({ tokenUse: 'id', audience: 'x' })).toThrow('"audience"')
  })
})
