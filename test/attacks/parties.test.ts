/**
 * A token must not be accepted that another issuer issued, or that was issued for another recipient (RFC 7519 s4.1.1, s4.1.3;
 * RFC 8725 s3.8, s3.9; RFC 9068 s4; RFC 9700 s2.3; CVE-2025-30144, CVE-2025-62610, CVE-2026-30863, CVE-2026-30949).
 */
import { cognito, createVerifier, type TrustedIssuer } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { ACCEPTED, claimsOf, judge, now, sayOf, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const claims = claimsOf(issuer)
const control = await issuer.token(claims)
const good = issuer.issuer

const judgeClaims = async (
  change: Record<string, unknown>,
  trusted: Partial<TrustedIssuer> = {},
): Promise<string> =>
  judge({
    trusted: trust(issuer, trusted),
    attack: await issuer.token({ ...claims, ...change }),
    control,
  })

/** Names that are nearly right, and values that are no names. */
const lookAlikes = (name: string): string[] => [
  '',
  ' ',
  `${name} `,
  ` ${name}`,
  `${name}\0`,
  `${name}\n`,
  `${name}/`,
  `${name}x`,
  `x${name}`,
  name.slice(0, -1),
  name.slice(1),
  name.toUpperCase(),
  `${name},${name}`,
  `${name} ${name}`,
  `${name}\u200b`,
  `\u202e${name}`,
  name.replace('a', '\u0430'),
  name.replace('a', '\uff41'),
  name.replace('p', '\u0440'),
  `${name}\u0301`,
  '*',
  '.*',
  'null',
  'undefined',
  '__proto__',
  'toString',
]
const wrongTypes = (name: string): unknown[] => [
  null,
  0,
  1,
  true,
  false,
  {},
  { [name]: true },
  { 0: name },
]

describe('iss', () => {
  test.each([
    ...lookAlikes(good),
    good.replace('https:', 'http:'),
    good.replace('https:', 'HTTPS:'),
    good.replace('https://', 'https://user@'),
    good.replace('.com/', '.com:443/'),
    good.replace('.com/', '.com./'),
    good.replace('.com/', '.com//'),
    good.replace('.com/', '.com.evil.example/'),
    good.replace('cognito-idp', 'c\u043egnito-idp'),
    `${good}?`,
    `${good}#`,
    `${good}/.`,
    `https://evil.example/?${good}`,
    `https://evil.example#${good}`,
  ])('%j does not pass for the issuer', async (iss) => {
    expect(await judgeClaims({ iss })).toBe('ERR_CLAIM_ISSUER iss mismatch')
  })

  test.each<unknown>([...wrongTypes(good), [], [good], [[good]], ['https://evil.example', good]])(
    '%j does not pass for the issuer',
    async (iss) => {
      expect(await judgeClaims({ iss })).toBe('ERR_CLAIM_ISSUER iss mismatch')
    },
  )

  test('a missing iss does not pass for the issuer', async () => {
    expect(await judgeClaims({ iss: undefined })).toBe('ERR_CLAIM_ISSUER iss missing')
  })
})

describe('aud', () => {
  test.each<unknown>([
    ...lookAlikes('api'),
    [],
    ['other'],
    ['ap', 'i'],
    ['api '],
    ['API'],
    ['a,p,i'],
    'api/v1',
    'https://api',
  ])('%j does not pass for the audience', async (aud) => {
    expect(await judgeClaims({ aud })).toBe('ERR_CLAIM_AUDIENCE aud mismatch')
  })

  test.each<unknown>([
    ...wrongTypes('api'),
    [['api']],
    ['api', null],
    ['api', 1],
    ['api', ['x']],
    [{}],
  ])('%j does not pass for the audience', async (aud) => {
    expect(await judgeClaims({ aud })).toBe('ERR_CLAIM_AUDIENCE aud invalid')
  })

  test.each<unknown>([null, 1, {}, [['api']], ['api', 1]])(
    'rejects %j even if no audience is configured',
    async (aud) => {
      expect(await judgeClaims({ aud }, { audience: null })).toBe('ERR_CLAIM_AUDIENCE aud invalid')
    },
  )

  test('nothing does not pass for the audience', async () => {
    expect(await judgeClaims({ aud: undefined })).toBe('ERR_CLAIM_AUDIENCE aud missing')
  })

  test.each(['client_id', 'azp', 'resource', 'scope', 'AUD'])(
    '%s cannot replace it',
    async (name) => {
      const outcome = await judgeClaims({ aud: undefined, [name]: 'api' })

      expect(outcome).toBe('ERR_CLAIM_AUDIENCE aud missing')
    },
  )

  test.each<unknown>([undefined, '', [], [''], [undefined], {}, 0])(
    'no verifier comes to be without one by mistake: %j',
    async (audience) => {
      const say = (value: unknown) =>
        sayOf(() => createVerifier(trust(issuer, { audience: value as string })))

      expect(await say(audience)).toBe('ERR_CONFIG_INVALID')
      expect(await say('api')).toBe(ACCEPTED)
    },
  )
})

describe('client_id', () => {
  const clientId = 'app'

  test.each(lookAlikes('app'))('%j does not pass for the client', async (client_id) => {
    const outcome = await judgeClaims({ client_id }, { clientId })

    expect(outcome).toBe('ERR_CLAIM_CLIENT_ID client_id mismatch')
  })

  test.each<unknown>([...wrongTypes('app'), [], ['app'], [['app']], ['app', 'other']])(
    '%j does not pass for the client',
    async (client_id) => {
      const outcome = await judgeClaims(
        { client_id, azp: 'app', aud: ['api', 'app'] },
        { clientId },
      )

      expect(outcome).toBe('ERR_CLAIM_CLIENT_ID client_id invalid')
    },
  )

  test.each<[string, Record<string, unknown>, string]>([
    ['azp beside another client_id', { client_id: 'evil', azp: 'app' }, 'client_id mismatch'],
    [
      'aud beside another client_id',
      { client_id: 'evil', aud: ['api', 'app'] },
      'client_id mismatch',
    ],
    ['another azp only', { client_id: undefined, azp: 'evil' }, 'azp mismatch'],
    ['a list in azp only', { client_id: undefined, azp: ['app'] }, 'azp invalid'],
    ['aud only', { client_id: undefined, aud: ['api', 'app'] }, 'client_id missing'],
    ['sub only', { client_id: undefined, sub: 'app' }, 'client_id missing'],
    ['cid only', { client_id: undefined, cid: 'app' }, 'client_id missing'],
  ])('%s does not pass for the client', async (_, change, outcome) => {
    expect(await judgeClaims(change, { clientId })).toBe(`ERR_CLAIM_CLIENT_ID ${outcome}`)
  })
})

describe('clientIdClaim', () => {
  const trusted = { clientId: 'app', clientIdClaim: 'cid' }
  const withCid = { ...claims, client_id: undefined, cid: 'app' }

  const judgeCid = async (change: Record<string, unknown>): Promise<string> =>
    judge({
      trusted: trust(issuer, trusted),
      attack: await issuer.token({ ...withCid, ...change }),
      control: await issuer.token(withCid),
    })

  test.each(lookAlikes('app'))('%j does not pass for the client', async (cid) => {
    expect(await judgeCid({ cid, client_id: 'app', azp: 'app' })).toBe(
      'ERR_CLAIM_CLIENT_ID cid mismatch',
    )
  })

  test.each<unknown>([...wrongTypes('app'), [], ['app'], ['app', 'other']])(
    '%j does not pass for the client',
    async (cid) => {
      expect(await judgeCid({ cid, azp: 'app' })).toBe('ERR_CLAIM_CLIENT_ID cid invalid')
    },
  )

  test.each(['client_id', 'azp', 'appid', 'CID', 'sub'])('%s cannot replace it', async (name) => {
    expect(await judgeCid({ cid: undefined, [name]: 'app' })).toBe(
      'ERR_CLAIM_CLIENT_ID cid missing',
    )
  })

  test.each(['constructor', 'toString', '__proto__'])(
    'nothing that every object inherits is the client: %s',
    async (clientIdClaim) => {
      const outcome = await judge({
        trusted: trust(issuer, { clientId: ['Object', 'app'], clientIdClaim }),
        attack: await issuer.token(claims),
        control: await issuer.token({ ...claims, [clientIdClaim]: 'app' }),
      }).catch(() => 'control')

      expect(outcome).not.toBe(ACCEPTED)
    },
  )
})

describe('the client of an access token of Cognito is in client_id alone', () => {
  const pool = cognito({
    userPoolId: issuer.userPoolId,
    clientId: 'app',
    tokenUse: 'access',
    jwks: issuer.jwks,
  })

  test.each<[string, object, string]>([
    ['azp', { client_id: undefined, azp: 'app' }, 'missing'],
    ['azp beside another client_id', { client_id: 'evil', azp: 'app' }, 'mismatch'],
    ['aud', { client_id: undefined, aud: 'app' }, 'missing'],
    ['aud and azp', { client_id: undefined, aud: 'app', azp: 'app' }, 'missing'],
    ['cid', { client_id: undefined, cid: 'app' }, 'missing'],
  ])('not in %s', async (_, change, reason) => {
    const attack = await issuer.accessToken({ client_id: 'app', ...change })
    const control = await issuer.accessToken({ client_id: 'app' })

    expect(await judge({ trusted: pool, attack, control })).toBe(
      `ERR_CLAIM_CLIENT_ID client_id ${reason}`,
    )
  })
})

describe.each(['sub', 'client_id', 'jti'])('%s', (claim) => {
  // an empty sub counts as absent: see empty-subject.test.ts
  const empty = claim === 'sub' ? [] : ['']
  test.each<unknown>([...empty, null, 0, 1, true, [], ['alice'], {}, { toString: 'alice' }])(
    '%j names nobody',
    async (value) => {
      expect(await judgeClaims({ [claim]: value })).toBe(`ERR_CLAIM_INVALID ${claim} invalid`)
    },
  )
})
