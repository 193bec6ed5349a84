/**
 * docs/issuers.md: every block runs, and accepts the tokens of its issuer and no others; the tables name real options.
 */
import type { Verifier } from 'jwt-gate'
import * as all from 'jwt-gate/issuers'
import { createTestIssuer } from 'jwt-gate/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { codeOf, read, tableOf } from './markdown.ts'
import { openGuide } from './run/blocks.ts'
import { effects } from './run/effects.ts'

const presets = new Map<string, unknown>(Object.entries(all))
const PAGE = 'docs/issuers.md'
const NOW = 1_795_000_000
const kit = await createTestIssuer({ now: () => NOW * 1_000, algorithms: ['ES256'] })
const es256 = kit.keyFor('ES256')
effects.now = () => NOW * 1_000
effects.fetch = async (input) => {
  const url = String(input)
  const [origin = ''] = url.split('.well-known/openid-configuration')
  if (origin === url) return Response.json(kit.jwks)
  // of the issuers on the page that are found by discovery, one ends with a slash
  const issuer = origin.includes('auth0') ? origin : origin.slice(0, -1)
  return Response.json({ issuer, jwks_uri: `${origin}keys` })
}

const guide = openGuide(PAGE)
afterAll(guide.close)

const TENANT = '11111111-2222-3333-4444-555555555555'
const OTHER = '99999999-2222-3333-4444-555555555555'
const API = 'https://api.example.com'
const AWS = 'https://sts.amazonaws.com/'
const toEntra = (tid: string) => ({
  ...{ iss: `https://login.microsoftonline.com/${tid}/v2.0`, tid, azp: 'a', scp: 'orders.read' },
  aud: '66666666-7777-8888-9999-000000000000',
})
const auth0 = { iss: 'https://tenant.eu.auth0.com/', aud: API, azp: 'a' }
const github = {
  ...{ iss: 'https://token.actions.githubusercontent.com', aud: API },
  repository: 'octo-org/octo-repo',
}
const other = { iss: 'https://idp.example.com', aud: API }
const rfc9068 = { ...other, sub: 's', client_id: 'web-shop', iat: NOW, jti: 'j' }

/** For each block: a token that passes, and one that does not, with its error. */
const CASES: Readonly<Record<string, readonly [good: object, bad: object, code: string]>> = {
  list: [github, { ...github, repository: 'evil/octo-repo' }, 'ERR_TOKEN_CHECK'],
  auth0: [auth0, { ...auth0, azp: undefined }, 'ERR_CLAIM_TOKEN_USE'],
  okta: [
    {
      iss: 'https://example.okta.com/oauth2/default',
      aud: 'api://default',
      cid: '0oa1client2ID3example5d7',
    },
    { iss: 'https://example.okta.com/oauth2/default', aud: 'api://default', cid: 'b' },
    'ERR_CLAIM_CLIENT_ID',
  ],
  entra: [toEntra(TENANT), toEntra(OTHER), 'ERR_CLAIM_ISSUER'],
  'entra-tenants': [toEntra(OTHER), toEntra(OTHER.replace('9', '8')), 'ERR_CLAIM_ISSUER'],
  'entra-any': [toEntra(TENANT), toEntra(OTHER), 'ERR_ACCESS_DENIED'],
  keycloak: [
    { iss: 'https://sso.example.com/realms/shop', aud: 'orders-api', typ: 'Bearer' },
    { iss: 'https://sso.example.com/realms/shop', aud: 'orders-api', typ: 'ID' },
    'ERR_CLAIM_TOKEN_USE',
  ],
  google: [
    {
      iss: 'accounts.google.com',
      aud: '1234567890-abcdef.apps.googleusercontent.com',
      hd: 'example.com',
    },
    { iss: 'accounts.google.com', aud: '1234567890-abcdef.apps.googleusercontent.com' },
    'ERR_CLAIM_MISSING',
  ],
  firebase: [
    {
      iss: 'https://securetoken.google.com/shop-1a2b3',
      aud: 'shop-1a2b3',
      sub: 'u',
      auth_time: NOW,
    },
    { iss: 'https://securetoken.google.com/other', aud: 'other', sub: 'u', auth_time: NOW },
    'ERR_CLAIM_ISSUER',
  ],
  'github-actions': [github, { ...github, repository: 'evil/octo-repo' }, 'ERR_TOKEN_CHECK'],
  'aws-outbound': [
    {
      ...{ iss: 'https://abc123-def456-ghi789-jkl012.tokens.sts.global.api.aws', aud: API },
      [AWS]: { aws_account: '123456789012' },
    },
    {
      ...{ iss: 'https://abc123-def456-ghi789-jkl012.tokens.sts.global.api.aws', aud: API },
      [AWS]: { aws_account: '210987654321' },
    },
    'ERR_TOKEN_CHECK',
  ],
  other: [rfc9068, { ...rfc9068, client_id: 'another' }, 'ERR_CLAIM_CLIENT_ID'],
  'only-access': [{ ...other, scope: 'orders' }, other, 'ERR_CLAIM_MISSING'],
  schema: [{ ...auth0, sub: 's', org_id: 'org_1' }, { ...auth0, sub: 's' }, 'ERR_TOKEN_CHECK'],
  'id-tokens': [
    { ...auth0, aud: 'my0client0id0of0thirty0two0chars' },
    { ...auth0, aud: API },
    'ERR_CLAIM_AUDIENCE',
  ],
}

/** The header and the key of the tokens for a block, where they are not those of most issuers. */
const SIGNED: Readonly<Record<string, object>> = {
  other: { header: { typ: 'at+jwt' }, key: es256 },
}

test('every block runs here', () => {
  expect(new Set(guide.names)).toEqual(new Set([...Object.keys(CASES), 'decode']))
})

test.each(Object.entries(CASES))('%s', async (name, [good, bad, code]) => {
  const { verifier } = await guide.load<{ verifier: Verifier }>(name)
  const sign = (claims: object) => kit.token({ exp: NOW + 60, ...claims }, SIGNED[name])

  await expect(verifier.verify(await sign(good))).resolves.toMatchObject({ claims: good })
  await expect(verifier.verify(await sign(bad))).rejects.toMatchObject({ code })
})

test('every preset accepts the claims that docs/testing.md has for it', async () => {
  const rows = tableOf(read('docs/testing.md'), 'preset')

  expect(rows.map(([name]) => codeOf(name)).sort()).toEqual([...presets.keys()].sort())
  for (const [name, claims] of rows) {
    const block = codeOf(name).replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)
    const { verifier } = await guide.load<{ verifier: Verifier }>(block)
    const token = await kit.token({ exp: NOW + 60, ...JSON.parse(codeOf(claims)) })
    await expect(verifier.verify(token), block).resolves.toBeDefined()
  }
})

test('the page names the types of the claims of every preset', () => {
  const listed = read(PAGE).match(/exports the type of the claims of each issuer: (.*)\.$/m)?.[1]

  expect(listed?.match(/\w+Claims/g)).toHaveLength(presets.size)
})

test('decode', async () => {
  const { decodeUnverified } = await guide.load<{ decodeUnverified(token: string): unknown[] }>(
    'decode',
  )

  expect(decodeUnverified(await kit.token({ iss: 'a' }))).toMatchObject([
    { alg: 'RS256' },
    { iss: 'a' },
  ])
})

describe('the tables of options list every option', () => {
  const common = ['jwks', 'requiredClaims', 'maxTokenAgeSeconds', 'claims']
  const sections = read(PAGE).split(/^## /m)

  test.each([
    ['Auth0', 'auth0'],
    ['Okta', 'okta'],
    ['Microsoft Entra ID', 'entra'],
    ['Keycloak', 'keycloak'],
    ['Google', 'google'],
    ['GitHub Actions', 'githubActions'],
    ['AWS workloads', 'awsOutbound'],
  ] as const)('%s', (title, name) => {
    const section = sections.find((one) => one.startsWith(`${title}\n`)) ?? ''
    const listed = tableOf(section, 'option').map(([option]) => codeOf(option))

    expect([...listed, ...common].sort()).toEqual(optionsOf(name).sort())
  })

  test('the presets are all on the page', () => {
    const listed = tableOf(read(PAGE), 'issuer').map(([, name]) => codeOf(name))

    expect(listed.filter((name) => presets.has(name)).sort()).toEqual([...presets.keys()].sort())
  })
})

function optionsOf(name: string): string[] {
  const preset = presets.get(name) as (options: object) => unknown
  try {
    preset({ unknown: 1 })
  } catch (error) {
    return (error as Error).message.replace(/^.* has: /, '').split(', ')
  }
  return []
}
