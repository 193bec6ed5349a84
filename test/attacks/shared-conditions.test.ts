/**
 * Tenants of one place share its keys, and tenants with equal conditions share the objects that describe them. No option of one
 * tenant may ever apply to another, whichever is seen first.
 */
import {
  authorize,
  createVerifier,
  type StandardSchemaV1,
  type TrustedIssuer,
  type Verifier,
} from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createClock } from '../verify/support/clock.ts'
import { ACCEPTED, NOW, sayOf } from './setup.ts'
import { createWorld } from './world.ts'

type Options = Partial<TrustedIssuer>
type Token = { readonly claims?: object; readonly header?: object }

const COMMON = 'https://keys.idp.example/jwks'
const idp = await createTestIssuer()
const nameOf = (at: string) => `https://${at}.idp.example`

/** A schema that requires a claim. */
const requires = (name: string): StandardSchemaV1 => ({
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) =>
      Object.hasOwn(value as object, name) ? { value } : { issues: [{ message: name }] },
  },
})

/** The option that differs; the options of a and b; a good token of a, and of b; how b rejects that of a. */
const CASES: readonly [string, Options, Options, Token, Token, string][] = [
  ['audience', {}, { audience: 'b' }, {}, { claims: { aud: 'b' } }, 'ERR_CLAIM_AUDIENCE'],
  [
    'audience, which is null for a',
    { audience: null },
    {},
    { claims: { aud: 'x' } },
    {},
    'ERR_CLAIM_AUDIENCE',
  ],
  [
    'clientId',
    { clientId: 'a' },
    { clientId: 'b' },
    { claims: { client_id: 'a' } },
    { claims: { client_id: 'b' } },
    'ERR_CLAIM_CLIENT_ID',
  ],
  [
    'clientId, which a has not',
    {},
    { clientId: 'b' },
    {},
    { claims: { client_id: 'b' } },
    'ERR_CLAIM',
  ],
  [
    'clientIdClaim',
    { clientId: 'a' },
    { clientId: 'a', clientIdClaim: 'cid' },
    { claims: { client_id: 'a' } },
    { claims: { cid: 'a' } },
    'ERR_CLAIM',
  ],
  [
    'tokenUse',
    { tokenUse: 'access' },
    { tokenUse: 'id' },
    { claims: { token_use: 'access' } },
    { claims: { token_use: 'id' } },
    'ERR_CLAIM_TOKEN_USE',
  ],
  ['tokenType', { tokenType: null }, {}, { header: { typ: 'x' } }, {}, 'ERR_TOKEN_TYPE'],
  [
    'tokenType, which is a profile',
    {},
    { tokenType: 'JWT' },
    { header: { typ: 'at+jwt' } },
    {},
    'ERR_TOKEN_TYPE',
  ],
  [
    'requiredClaims',
    { requiredClaims: ['jti'] },
    { requiredClaims: ['tid'] },
    { claims: { jti: '1' } },
    { claims: { tid: '1' } },
    'ERR_CLAIM_MISSING',
  ],
  [
    'maxTokenAgeSeconds',
    { maxTokenAgeSeconds: 900 },
    { maxTokenAgeSeconds: 60 },
    { claims: { iat: NOW - 300 } },
    { claims: { iat: NOW - 30 } },
    'ERR_TOKEN_TOO_OLD',
  ],
  [
    'claims',
    { claims: requires('a') },
    { claims: requires('b') },
    { claims: { a: 1 } },
    { claims: { b: 1 } },
    'ERR_TOKEN_CHECK',
  ],
  [
    'claims, which a has not',
    {},
    { claims: requires('b') },
    {},
    { claims: { b: 1 } },
    'ERR_TOKEN_CHECK',
  ],
  [
    'algorithms',
    { algorithms: ['RS256', 'ES256'] },
    { algorithms: ['ES256'] },
    {},
    { header: { alg: 'ES256' } },
    'ERR_TOKEN_ALGORITHM',
  ],
]

const [rsa, ec] = [
  idp.keyFor('RS256'),
  (await createTestIssuer({ algorithms: ['ES256'] })).keyFor('ES256'),
]
const jwks = { keys: [idp.jwks.keys.find(({ kid }) => kid === rsa.kid), ec.jwk] }

const mint = (at: string, { claims, header }: Token) => {
  const key = Object(header).alg === 'ES256' ? ec : rsa
  const all = { iss: nameOf(at), aud: 'api', exp: NOW + 3_600, sub: 'somebody', ...claims }
  return idp.token(all, { key, header: { ...header } })
}

/** Two tenants of one place; the first one is seen, or listed, first. */
function create(how: 'listed' | 'found', options: Readonly<Record<string, Options>>) {
  const { now } = createClock(NOW * 1_000)
  const world = createWorld(() => ({ jwks }) as never)
  const all = Object.entries(options).map(([at, own]) => ({
    ...{ issuer: nameOf(at), audience: 'api', jwksUri: COMMON },
    ...own,
  }))
  const find = (issuer: string) => all.find((one) => one.issuer === issuer)
  const trusted = how === 'listed' ? all : find
  const verifier = createVerifier(trusted as TrustedIssuer[], { now, fetch: world.fetch })
  return { verifier, asked: world.asked }
}

const say = (verifier: Verifier<unknown>, token: string) => sayOf(() => verifier.verify(token))

describe.each(['listed', 'found'] as const)('of two tenants of one place that are %s,', (how) => {
  test.each(CASES)('each has its own %s', async (_option, a, b, ofA, ofB, code) => {
    for (const order of [
      { a, b },
      { b, a },
    ]) {
      const { verifier } = create(how, order)
      const good = { a: await mint('a', ofA), b: await mint('b', ofB) }
      const crossed = await mint('b', ofA)
      for (const at of Object.keys(order) as ('a' | 'b')[]) {
        expect(await say(verifier, good[at])).toBe(ACCEPTED)
      }

      // a token that is accepted comes from the cache from the third time on
      for (let times = 0; times < 3; times++) {
        expect(await say(verifier, crossed)).toMatch(new RegExp(`^${code}`))
        expect(await say(verifier, good.a)).toBe(ACCEPTED)
        expect(await say(verifier, good.b)).toBe(ACCEPTED)
      }
    }
  })

  test('each has its own groupsClaim', async () => {
    const { verifier } = create(how, { a: { groupsClaim: 'roles' }, b: { groupsClaim: '/x/y' } })
    const claims = { roles: ['admin'], x: { y: ['user'] } }
    const [a, b] = [await mint('a', { claims }), await mint('b', { claims })]

    for (const [token, own, other] of [
      [a, 'admin', 'user'],
      [b, 'user', 'admin'],
    ] as const) {
      const verified = await verifier.verify(token)
      expect(() => authorize(verified, { groups: [own] })).not.toThrow()
      expect(() => authorize(verified, { groups: [other] })).toThrow()
    }
  })

  test('a token of one is never one of the other', async () => {
    const { verifier, asked } = create(how, { a: {}, b: {} })
    const token = await mint('a', {})
    const [header, payload = '', signature] = token.split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const renamed = Buffer.from(JSON.stringify({ ...claims, iss: nameOf('b') }))

    expect(await verifier.verify(token)).toMatchObject({ issuer: nameOf('a') })
    const forged = [header, renamed.toString('base64url'), signature].join('.')
    expect(await say(verifier, forged)).toMatch(/^ERR_TOKEN_SIGNATURE/)
    expect(await verifier.verify(await mint('b', {}))).toMatchObject({ issuer: nameOf('b') })
    // the forged one may cost a refresh
    expect(new Set(asked)).toEqual(new Set([COMMON]))
  })
})

test('more than 100 kinds of tenants have conditions of their own', async () => {
  const names = Array.from({ length: 250 }, (_, at) => `t${at}`)
  const options = Object.fromEntries(names.map((at) => [at, { audience: at }]))
  const { verifier } = create('found', options)

  for (const at of names) {
    expect(await say(verifier, await mint(at, { claims: { aud: at } }))).toBe(ACCEPTED)
    expect(await say(verifier, await mint(at, { claims: { aud: 't250' } }))).toMatch(/AUDIENCE/)
  }
})
