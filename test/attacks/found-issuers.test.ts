/**
 * Issuers that a function finds: the text of an unverified `iss` must not decide where keys come from. The function compares
 * it with a pattern, and the URL parser must not read another address in it (RFC 8725 s3.10).
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
  ['a backslash, which the parser takes for a slash', 'https://evil.example\\.idp.example'],
  ['two backslashes', 'https:\\\\evil.example\\.idp.example'],
  ['a query', 'https://evil.example?.idp.example'],
  ['an empty query', 'https://a.idp.example/?'],
  ['a fragment', 'https://evil.example#.idp.example'],
  ['user info', 'https://evil.example@a.idp.example'],
  ['user info with a password', 'https://a:b@a.idp.example'],
  ['a tab, which vanishes', 'https://evil.exam\tple/.idp.example'],
  ['a tab in the tail', 'https://a.idp.example\t'],
  ['a newline', 'https://a\n.idp.example'],
  ['a carriage return', 'https://a\r.idp.example'],
  ['a space in front', ' https://a.idp.example'],
  ['a NUL', 'https://a\0.idp.example'],
  ['a host in capitals', 'https://EVIL.idp.example'],
  ['the default port', 'https://a.idp.example:443'],
  ['a path that goes up', 'https://a.idp.example/x/../y'],
  ['a host that is encoded', 'https://%65vil.idp.example'],
  ['letters of another script', 'https://\u0435vil.idp.example'],
  ['a full-width dot', 'https://evil\uff0eexample.idp.example'],
  ['a line separator', 'https://a.idp.example\u2028'],
  ['one slash', 'https:/evil.example/.idp.example'],
  ['no slash', 'https:evil.example/.idp.example'],
  ['a slash that is encoded', 'https://a.idp.example/b/..%2f..%2fuploads'],
  ['a backslash that is encoded', 'https://a.idp.example/b%5Cc'],
  ['a soft hyphen, which vanishes', 'https://ev\u00adil.idp.example'],
])('refused before anybody is asked is an issuer with %s', async (_name, iss) => {
  // a pattern that lets everything pass that looks like the right host
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
])(
  'refused before anybody is asked is %s, in which the URL parser finds no address',
  async (iss) => {
    const found: string[] = []
    const resolve: TrustedResolver = (issuer) => {
      found.push(issuer)
      // an address that is made of it would be the developer's mistake: a 500, of which anybody can have any number
      return { issuer, audience: 'api', jwksUri: `${issuer}/jwks` }
    }
    const verifier = createVerifier(resolve, { now, fetch: good.fetch })
    const token = await evil.token({ ...claimsOf(good), iss })

    expect(await sayOf(() => verifier.verify(token))).toBe('ERR_CLAIM_ISSUER iss mismatch')
    expect(found).toEqual([])
  },
)

test.each(['accounts.idp.example', 'idp', 'urn:idp:a', 'httpsidp'])(
  'a function may know %s, which is no address and does not look like one',
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
])('the control %s is accepted', async (iss) => {
  const { verify, asked } = setUp(/^https:\/\/[^/]+\.idp\.example(?::8443)?\/?$/)

  const said = await verify(await good.token({ ...claimsOf(good), iss }))

  // the document of a bare host names it without a slash
  const isNamed = !iss.endsWith('/')
  expect(said).toBe(isNamed ? ACCEPTED : 'ERR_JWKS_INVALID issuer_mismatch')
  expect(new Set(asked.map((url) => new URL(url).host))).toEqual(new Set([new URL(iss).host]))
})

test('the forged token of the pattern that a user would write does not pass', async () => {
  const { verify, asked } = setUp(/^https:\/\/[^/]+\.idp\.example$/)
  const claims = claimsOf(good)
  const forged = await evil.token({ ...claims, iss: 'https://evil.example\\.idp.example' })
  const control = await good.token({ ...claims, iss: 'https://a.idp.example' })

  expect(await verify(forged)).toBe('ERR_CLAIM_ISSUER iss mismatch')
  expect(await verify(control)).toBe(ACCEPTED)
  expect(asked.filter((url) => url.includes('evil'))).toEqual([])
})

describe('an issuer that is found without an address for its keys', () => {
  test.each(['http://a.idp.example', 'urn:a.idp.example', 'a.idp.example'])(
    '%s is nobody, and no fault of the service',
    async (iss) => {
      const { verify, asked, events } = setUp(/idp\.example$/)

      const said = await verify(await evil.token({ ...claimsOf(good), iss }))

      expect(said).toBe('ERR_CLAIM_ISSUER iss mismatch')
      expect(asked).toEqual([])
      expect(events).toEqual([{ type: 'issuers.mismatch' }])
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
])('an address %s that a function makes of the name %s is no 500 and no alarm', async (to, iss) => {
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
})

test('a function that refuses an issuer is obeyed, also for one that it knew', async () => {
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

test('one kind of event does not hide another', async () => {
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
