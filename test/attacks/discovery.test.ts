/**
 * A discovery document must not give one issuer the keys of another, nor make the verifier connect where it should not (RFC 8414
 * s2, s3.3; OpenID Connect Discovery s4.3; RFC 8725 s3.10 of its update).
 */
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { ACCEPTED, claimsOf, now, sayOf } from './setup.ts'

const issuer = await createTestIssuer({ now })
const iss = 'https://idp.example/tenant'
const KEYS = 'https://keys.example/jwks'
const token = await issuer.token({ ...claimsOf(issuer), iss })

/** The outcome for the token if this is the issuer's metadata, and the URLs that were requested. */
async function judgeMetadata(metadata: unknown): Promise<{ said: string; asked: string[] }> {
  const asked: string[] = []
  const verifier = createVerifier(
    { issuer: iss, audience: 'api' },
    {
      now,
      fetch: async (input) => {
        asked.push(String(input))
        const isMetadata = String(input).includes('/.well-known/')
        return isMetadata ? Response.json(metadata) : Response.json(issuer.jwks)
      },
    },
  )
  return { said: await sayOf(() => verifier.verify(token)), asked: asked.slice(1) }
}

test('the control: a document of the issuer', async () => {
  const { said, asked } = await judgeMetadata({ issuer: iss, jwks_uri: KEYS })

  expect(said).toBe(ACCEPTED)
  expect(asked).toEqual([KEYS])
})

describe('no document is used of the issuer', () => {
  test.each<unknown>([
    `${iss}/`,
    `${iss}2`,
    iss.slice(0, -1),
    iss.toUpperCase(),
    iss.replace('https:', 'http:'),
    iss.replace('.example', '.example:443'),
    iss.replace('tenant', '{tenant}'),
    iss.replace('tenant', '*'),
    'https://idp.example',
    'https://evil.example/tenant',
    '',
    undefined,
    null,
    true,
    [iss],
    { issuer: iss },
  ])('%j', async (other) => {
    const { said, asked } = await judgeMetadata({ issuer: other, jwks_uri: KEYS })

    expect(said).toBe('ERR_JWKS_INVALID issuer_mismatch')
    expect(asked).toEqual([])
  })
})

describe('a second document does not count', () => {
  const openid = `${iss}/.well-known/openid-configuration`
  const oauth = 'https://idp.example/.well-known/oauth-authorization-server/tenant'
  const good = { issuer: iss, jwks_uri: KEYS }
  const judgeDocuments = async (first: unknown, second: unknown): Promise<string> => {
    const pages = new Map([
      [openid, first],
      [oauth, second],
      [KEYS, issuer.jwks],
    ])
    const verifier = createVerifier(
      { issuer: iss, audience: 'api' },
      { now, fetch: async (input) => new Response(JSON.stringify(pages.get(String(input)))) },
    )
    return sayOf(() => verifier.verify(token))
  }

  test.each<[object, string]>([
    [{}, 'issuer_mismatch'],
    [{ error: 'not found' }, 'issuer_mismatch'],
    [{ ...good, issuer: 'https://evil.example' }, 'issuer_mismatch'],
    [{ ...good, jwks_uri: undefined }, 'invalid'],
    [{ ...good, jwks_uri: 'http://keys.example/jwks' }, 'invalid'],
  ])('beside the first one %j', async (first, reason) => {
    expect(await judgeDocuments(first, good)).toBe(`ERR_JWKS_INVALID ${reason}`)
  })

  test('if it is of another issuer, whatever the first place has', async () => {
    const other = { ...good, issuer: 'https://evil.example' }

    expect(await judgeDocuments('a page', other)).toBe('ERR_JWKS_INVALID issuer_mismatch')
  })

  test('the control: it counts if the first place has no document', async () => {
    expect(await judgeDocuments('a page', good)).toBe(ACCEPTED)
  })
})

describe('no keys are fetched from', () => {
  test.each<unknown>([
    KEYS.replace('https:', 'http:'),
    'http://127.0.0.1/jwks',
    'https://127.0.0.1/jwks',
    'https://localhost/jwks',
    'https://[::1]/jwks',
    'http://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
    'data:application/json,{}',
    'javascript:0',
    'ftp://keys.example/jwks',
    '//keys.example/jwks',
    '/jwks',
    'jwks',
    '',
    undefined,
    null,
    1,
    [KEYS],
    { url: KEYS },
  ])('%j', async (jwks_uri) => {
    const { said, asked } = await judgeMetadata({ issuer: iss, jwks_uri })

    expect(said).toBe('ERR_JWKS_INVALID invalid')
    expect(asked).toEqual([])
  })
})

describe('no key address is accepted from', () => {
  test.each<[string, object]>([
    ['jku', { jku: KEYS }],
    ['jwksUri', { jwksUri: KEYS }],
    ['signed_metadata', { signed_metadata: token }],
    ['keys in the document itself', issuer.jwks],
  ])('%s', async (_, members) => {
    const { said, asked } = await judgeMetadata({ issuer: iss, ...members })

    expect(said).toBe('ERR_JWKS_INVALID invalid')
    expect(asked).toEqual([])
  })
})

test.each<[string, object]>([
  ['an http issuer', { issuer: 'http://idp.example' }],
  ['an issuer with a query', { issuer: `${iss}?x=1` }],
  ['an issuer with a fragment', { issuer: `${iss}#x` }],
  ['an issuer that is no URL', { issuer: 'idp' }],
  ['keys over http', { jwksUri: 'http://keys.example' }],
  ['keys in a file', { jwksUri: 'file:///keys.json' }],
])('no verifier looks for the keys of %s', async (_, change) => {
  const say = (one: object) => sayOf(() => createVerifier({ issuer: iss, audience: 'api', ...one }))

  expect(await say(change)).toBe('ERR_CONFIG_INVALID')
  expect(await say({})).toBe(ACCEPTED)
})
