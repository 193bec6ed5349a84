/**
 * Issuers that a resolver function returns: the text of an unverified `iss` must not decide where keys come from. The function
 * may compare it with a pattern, and the URL parser must not read another address in it (RFC 8725 s3.10).
 */
import { createVerifier, TokenError, type TrustedResolver, type VerifierEvent } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createClock } from '../verify/support/clock.ts'
import { ACCEPTED, claimsOf, NOW, now, sayOf } from './setup.ts'
import { createWorld } from './world.ts'

const good = await createTestIssuer({ now })
const evil = await createTestIssuer({ now })
const PATTERN = /^https:\/\/[^/]+\.idp\.example\/?$/

function setUp(pattern = PATTERN) {
  const world = createWorld((host) => (host.endsWith('evil.example') ? evil : good))
  const events: VerifierEvent[] = []
  const found: string[] = []
  const resolve: TrustedResolver = (issuer) => {
    found.push(issuer)
    return pattern.test(issuer) ? { issuer, audience: 'api' } : undefined
  }
  const onEvent = (event: VerifierEvent) => events.push(event)
  const verifier = createVerifier(resolve, { now, fetch: world.fetch, onEvent })
  const verify = (token: string) => sayOf(() => verifier.verify(token))
  return { ...{ world, events, found, verify }, asked: world.asked }
}

test.each([
  ['a backslash, which the URL parser reads as a slash', 'https://evil.example\\.idp.example'],
  ['two backslashes', 'https:\\\\evil.example\\.idp.example'],
  ['a query', 'https://evil.example?.idp.example'],
  ['an empty query', 'https://a.idp.example/?'],
  ['a fragment', 'https://evil.example#.idp.example'],
  ['a user name', 'https://evil.example@a.idp.example'],
  ['a user name and a password', 'https://a:b@a.idp.example'],
  ['a tab, which the URL parser removes', 'https://evil.exam\tple/.idp.example'],
  ['a tab in the path', 'https://a.idp.example\t'],
  ['a newline', 'https://a\n.idp.example'],
  ['a carriage return', 'https://a\r.idp.example'],
  ['a leading space', ' https://a.idp.example'],
  ['a NUL', 'https://a\0.idp.example'],
  ['a host in capitals', 'https://EVIL.idp.example'],
  ['the default port', 'https://a.idp.example:443'],
  ['a path with ..', 'https://a.idp.example/x/../y'],
  ['a percent-encoded host', 'https://%65vil.idp.example'],
  ['characters of another script', 'https://\u0435vil.idp.example'],
  ['a full-width dot', 'https://evil\uff0eexample.idp.example'],
  ['a line separator', 'https://a.idp.example\u2028'],
  ['one slash', 'https:/evil.example/.idp.example'],
  ['no slash', 'https:evil.example/.idp.example'],
  ['a percent-encoded slash', 'https://a.idp.example/b/..%2f..%2fuploads'],
  ['a percent-encoded backslash', 'https://a.idp.example/b%5Cc'],
  ['a soft hyphen, which the URL parser removes', 'https://ev\u00adil.idp.example'],
])('rejects, without calling the function, an issuer with %s', async (_name, iss) => {
  // a pattern that accepts anything that looks like the right host
  const { verify, asked, found, events } = setUp(/idp\.example/)
  const token = await evil.token({ ...claimsOf(good), iss })

  const said = await verify(token)

  expect(said).toBe('ERR_CLAIM_ISSUER iss mismatch')
  expect({ asked, found, events }).toEqual({ asked: [], found: [], events: [] })
})

test.each([
  'https://a^b.idp.example',
  'https://1.2.3.4.idp.1',
  'https://a.idp.example:99999',
  'https://[a.idp.example',
  'HTTPS://a%.idp.example',
])('rejects, without calling the function, %s, which the URL parser cannot read', async (iss) => {
  const found: string[] = []
  const resolve: TrustedResolver = (issuer) => {
    found.push(issuer)
    // an address derived from it would be a mistake of the developer: a 500 that anybody could trigger at will
    return { issuer, audience: 'api', jwksUri: `${issuer}/jwks` }
  }
  const verifier = createVerifier(resolve, { now, fetch: good.fetch })
  const token = await evil.token({ ...claimsOf(good), iss })

  expect(await sayOf(() => verifier.verify(token))).toBe('ERR_CLAIM_ISSUER iss mismatch')
  expect(found).toEqual([])
})

test.each(['urn:idp:<tenant>', 'urn:idp:{a}', 'idp{}', '<idp>'])(
  'rejects, without calling the function, %s, which no configuration may have as an issuer',
  async (iss) => {
    const found: string[] = []
    const resolve: TrustedResolver = (issuer) => {
      found.push(issuer)
      return { issuer, audience: 'api', jwks: good.jwks }
    }
    const verifier = createVerifier(resolve, { now })
    const token = await evil.token({ ...claimsOf(good), iss })

    expect(await sayOf(() => verifier.verify(token))).toBe('ERR_CLAIM_ISSUER iss mismatch')
    expect(found).toEqual([])
  },
)

test.each(['accounts.idp.example', 'idp', 'urn:idp:a', 'httpsidp', 'idp<', 'idp}{'])(
  'the function may return %s, which is no address and does not look like one',
  async (iss) => {
    const resolve: TrustedResolver = (issuer) => ({ issuer, audience: 'api', jwks: good.jwks })
    const verifier = createVerifier(resolve, { now })
    const token = await good.token({ ...claimsOf(good), iss })

    expect(await sayOf(() => verifier.verify(token))).toBe(ACCEPTED)
  },
)

test.each([
  'https://a.idp.example',
  'https://a.idp.example/',
  'https://xn--e1a.idp.example',
  'https://a.idp.example:8443',
])('the control: accepts %s', async (iss) => {
  const { verify, asked } = setUp(/^https:\/\/[^/]+\.idp\.example(?::8443)?\/?$/)

  const said = await verify(await good.token({ ...claimsOf(good), iss }))

  // the document of a bare host has no trailing slash in its issuer
  const isNamed = !iss.endsWith('/')
  expect(said).toBe(isNamed ? ACCEPTED : 'ERR_JWKS_INVALID issuer_mismatch')
  expect(new Set(asked.map((url) => new URL(url).host))).toEqual(new Set([new URL(iss).host]))
})

test('a forged token cannot pass a pattern of the kind that users write', async () => {
  const { verify, asked } = setUp(/^https:\/\/[^/]+\.idp\.example$/)
  const claims = claimsOf(good)
  const forged = await evil.token({ ...claims, iss: 'https://evil.example\\.idp.example' })
  const control = await good.token({ ...claims, iss: 'https://a.idp.example' })

  expect(await verify(forged)).toBe('ERR_CLAIM_ISSUER iss mismatch')
  expect(await verify(control)).toBe(ACCEPTED)
  expect(asked.filter((url) => url.includes('evil'))).toEqual([])
})

describe('an issuer that the function returns without an address for its keys', () => {
  test.each(['http://a.idp.example', 'urn:a.idp.example', 'a.idp.example'])(
    'counts as unknown if it is %s, and not as a fault of the service',
    async (iss) => {
      const { verify, asked, events } = setUp(/idp\.example$/)

      const said = await verify(await evil.token({ ...claimsOf(good), iss }))

      expect(said).toBe('ERR_CLAIM_ISSUER iss mismatch')
      expect(asked).toEqual([])
      expect(events).toEqual([{ type: 'issuers.mismatch', option: 'jwksUri' }])
    },
  )

  test('may have any name if its keys are given', async () => {
    const iss = 'accounts.idp.example'
    const verifier = createVerifier((issuer) => ({ issuer, audience: 'api', jwks: good.jwks }), {
      now,
    })

    const token = await good.token({ ...claimsOf(good), iss })

    expect(await sayOf(() => verifier.verify(token))).toBe(ACCEPTED)
  })
})

test.each([
  ['https://%/jwks', 'a?.idp.example'],
  ['https://%/jwks', 'evil.example#.idp.example'],
  ['https://%/jwks', 'evil.example\\.idp.example'],
  ['https://%/jwks', 'u@a.idp.example'],
  ['%/jwks', 'http://a.idp.example'],
])(
  'an address %s that the function derives from the issuer %s is no 500 and no issuers.failed event',
  async (to, iss) => {
    const events: string[] = []
    const world = createWorld(() => good)
    const resolve: TrustedResolver = (issuer) =>
      /^(?:https?:..)?[^/]+\.idp\.example$/.test(issuer)
        ? { issuer, audience: 'api', jwksUri: to.replace('%', issuer) }
        : undefined
    const onEvent = ({ type }: VerifierEvent) => events.push(type)
    const verifier = createVerifier(resolve, { now, fetch: world.fetch, onEvent })
    const token = await good.token({ ...claimsOf(good), iss }, { sign: () => 'AAAA' })

    expect(await sayOf(() => verifier.verify(token))).toBe('ERR_CLAIM_ISSUER iss mismatch')
    expect({ events, asked: world.asked }).toEqual({ events: ['issuers.mismatch'], asked: [] })
  },
)

test('a function that rejects an issuer takes effect, even for an issuer that it returned before', async () => {
  const clock = createClock(NOW * 1_000)
  const state = { isRevoked: false }
  const resolve: TrustedResolver = (issuer) => {
    if (state.isRevoked) throw new TokenError('ERR_CLAIM_ISSUER')
    return { issuer, audience: 'api', jwks: good.jwks }
  }
  const verifier = createVerifier(resolve, { now: clock.now })
  const token = await good.token({ ...claimsOf(good), exp: NOW + 3_600 })
  expect(await sayOf(() => verifier.verify(token))).toBe(ACCEPTED)

  state.isRevoked = true
  clock.advance(61_000)

  expect(await sayOf(() => verifier.verify(token))).toMatch(/^ERR_CLAIM_ISSUER/)
})

test.each<[string, (tenant: string) => string, string]>([
  ['a host in capitals', (tenant) => `https://${tenant}.keys.example/jwks.json`, 'SECRET-Text'],
  ['a host that is none', (tenant) => `https://${tenant}.keys.example/jwks.json`, 'a^b'],
  ['a path that leads elsewhere', (tenant) => `https://keys.example/${tenant}/jwks.json`, '..'],
  ['quotes', (tenant) => `https://keys.example/${tenant}/jwks.json`, 'a"SECRET"'],
  ['the default port', (tenant) => `https://keys.example:443/${tenant}/jwks.json`, 'SECRET'],
])(
  '%s in an address made of a part of the issuer is no 500, and is shown nowhere',
  async (_name, toUrl, tenant) => {
    const events: VerifierEvent[] = []
    const world = createWorld(() => good)
    const resolve: TrustedResolver = (issuer) => ({
      issuer,
      audience: 'api',
      jwksUri: ['https://keys.example/jwks.json', toUrl(issuer.slice('urn:tenant:'.length))],
    })
    const onEvent = (event: VerifierEvent) => events.push(event)
    const verifier = createVerifier(resolve, { now, fetch: world.fetch, onEvent })
    const token = await good.token({ ...claimsOf(good), iss: `urn:tenant:${tenant}` })

    expect(await sayOf(() => verifier.verify(token))).toBe('ERR_CLAIM_ISSUER iss mismatch')
    expect({ events, asked: world.asked }).toEqual({
      events: [{ type: 'issuers.mismatch', option: 'jwksUri' }],
      asked: [],
    })
  },
)

test('an invalid option for a made-up issuer does not hide that the database is down', async () => {
  const clock = createClock(NOW * 1_000)
  const failed: string[] = []
  const resolve: TrustedResolver = (issuer) => {
    if (issuer === 'urn:tenant:real') throw new Error('the database is down')
    return { issuer, audience: '', jwks: good.jwks }
  }
  const onEvent = (event: VerifierEvent) => {
    if (event.type === 'issuers.failed') failed.push((event.error as Error).name)
  }
  const verifier = createVerifier(resolve, { now: clock.now, onEvent })
  const ask = async (name: string) => {
    const token = await good.token({ ...claimsOf(good), iss: `urn:tenant:${name}` })
    await sayOf(() => verifier.verify(token))
  }

  for (const name of ['a', 'b', 'real', 'c']) await ask(name)
  expect(failed).toEqual(['ConfigError', 'Error'])

  clock.advance(10_000)
  for (const name of ['d', 'e', 'real']) await ask(name)
  expect(failed).toEqual(['ConfigError', 'Error', 'ConfigError', 'Error'])
})

test('a result without an issuer is a mistake, and not an unknown issuer', async () => {
  const verifier = createVerifier((() => ({ name: 'a', audience: 'api' })) as never, { now })

  const verified = verifier.verify(await good.token(claimsOf(good)))

  await expect(verified).rejects.toThrow('"issuer" must be a non-empty string')
  await expect(verified).rejects.toMatchObject({ status: 500 })
})

test('one kind of event does not suppress another', async () => {
  const events: string[] = []
  const resolve: TrustedResolver = (issuer) => {
    if (issuer === 'https://db.idp.example') throw new Error('the database is down')
    return { issuer: 'https://other.example', audience: 'api' }
  }
  const onEvent = ({ type }: VerifierEvent) => events.push(type)
  const verifier = createVerifier(resolve, { now, onEvent })

  for (const iss of ['https://a.idp.example', 'https://db.idp.example']) {
    const token = await good.token({ ...claimsOf(good), iss })
    await sayOf(() => verifier.verify(token))
  }

  expect(events).toEqual(['issuers.mismatch', 'issuers.failed'])
})
