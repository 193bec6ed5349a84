/**
 * `explain`: the checks beside the engine, and what they cost.
 */
import { ConfigError, createVerifier, type TrustedIssuer, type Verifier } from 'jwt-gate'
import { type Check, explain, formatExplanation } from 'jwt-gate/explain'
import { auth0 } from 'jwt-gate/issuers'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'

const NOW = 1_800_000_000
const now = () => NOW * 1_000
const issuer = await createTestIssuer({ now })
const claims = { iss: issuer.issuer, aud: 'api', sub: 'alice', iat: NOW, exp: NOW + 60 }
const trusted: TrustedIssuer = { issuer: issuer.issuer, audience: 'api', jwks: issuer.jwks }
const verifier = createVerifier(trusted, { now })
const good = await issuer.token(claims)

const failedOf = (checks: readonly Check[]): string[] =>
  checks.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name)

describe('the checks', () => {
  test('of a good token have all passed, or are not configured', async () => {
    const { verdict, code, checks, causes } = await explain(verifier, good)

    expect({ verdict, code, causes }).toEqual({ verdict: 'accepted', code: undefined, causes: [] })
    const names = checks.filter(({ outcome }) => outcome === 'passed').map(({ name }) => name)
    expect(names).toEqual([
      ...['size', 'form', 'alg', 'typ', 'critical header', 'kid', 'iss', 'key', 'signature'],
      ...['exp', 'nbf', 'iat', 'aud', 'sub', 'cnf', 'structure'],
    ])
    expect(checks.filter(({ outcome }) => outcome === 'skipped')).toEqual([
      { name: 'client', outcome: 'skipped', detail: '"clientId" is not configured' },
      { name: 'token_use', outcome: 'skipped', detail: '"tokenUse" is not configured' },
      { name: 'age', outcome: 'skipped', detail: '"maxTokenAgeSeconds" is not configured' },
    ])
  })

  test('of a token with times in milliseconds pass, with a note', async () => {
    const token = await issuer.token({ ...claims, exp: (NOW + 60) * 1_000, iat: NOW * 1_000 })

    const explanation = await explain(verifier, token)

    expect(explanation).toMatchObject({ verdict: 'accepted', causes: [] })
    const noted = explanation.checks.filter(({ detail }) => detail?.includes('in milliseconds'))
    expect(noted.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['exp', 'passed'],
      ['iat', 'passed'],
    ])
    expect(formatExplanation(explanation)).toMatch(
      /^✓ exp +1800000060000 .*\n +It is in milliseconds, and must be in seconds/m,
    )
  })

  test('of a preset have its name', async () => {
    const domain = 'tenant.eu.auth0.com'
    const own = createVerifier(auth0({ domain, audience: 'api', jwks: issuer.jwks }), { now })
    const token = await issuer.token({ ...claims, iss: `https://${domain}/`, azp: 'web' })

    const names = (await explain(own, token)).checks.map(({ name }) => name)

    expect(names).toContain('preset')
    expect(names).not.toContain('schema')
  })

  test('do not stop at the first that fails', async () => {
    const strict = createVerifier(
      { ...trusted, tokenType: 'JWT', clientId: 'app', requiredClaims: ['tenant'] },
      { now, maxTokenBytes: 2_000 },
    )
    const wrong = { ...claims, aud: 'other', client_id: 'x', exp: NOW - 9, nbf: NOW + 9, jti: 7 }
    const token = await issuer.token(wrong, {
      header: { typ: 'at+jwt', crit: ['x'] },
      sign: () => new Uint8Array(256),
    })

    const { code, checks, causes } = await explain(strict, token)

    expect(code).toBe('ERR_TOKEN_TYPE')
    expect(failedOf(checks)).toEqual([
      ...['typ', 'critical header', 'signature', 'exp', 'nbf', 'aud', 'client', 'jti'],
      'required tenant',
    ])
    expect(causes).toHaveLength(8)
    expect(causes[0]?.title).toBe('An access token was sent where another kind is wanted')
  })

  test('show what was expected and what came', async () => {
    const { checks } = await explain(verifier, await issuer.token({ ...claims, aud: ['a', 'b'] }))

    expect(checks.find(({ name }) => name === 'aud')).toEqual({
      name: 'aud',
      outcome: 'failed',
      expected: '"api"',
      actual: '["a","b"]',
      detail: 'The token is for another audience',
    })
  })

  test('of a token from elsewhere are those of the most similar issuer, and no key is used', async () => {
    let requests = 0
    const fetch = async () => {
      requests++
      return Response.json(issuer.jwks)
    }
    const both = createVerifier(
      [
        { issuer: 'https://other.example', audience: 'other' },
        { issuer: 'https://idp.example/realms/a', audience: 'api' },
      ],
      { now, fetch },
    )
    const token = await issuer.token({ ...claims, iss: 'https://idp.example/realms/b', aud: 'x' })

    const { checks } = await explain(both, token)

    expect(failedOf(checks)).toEqual(['iss', 'aud'])
    expect(checks.find(({ name }) => name === 'aud')?.expected).toBe('"api"')
    expect(checks.find(({ name }) => name === 'key')?.outcome).toBe('skipped')
    expect(requests).toBe(0)
  })
})

describe('the clock', () => {
  test('is that of the verifier, unless another time is given', async () => {
    const later = await explain(verifier, good, { now: () => (NOW + 3_600) * 1_000 })

    expect(later.code).toBe('ERR_TOKEN_EXPIRED')
    expect((await explain(verifier, good)).verdict).toBe('accepted')
  })

  test('counts for the access rule, too', async () => {
    const token = await issuer.token({ ...claims, auth_time: NOW })
    const access = { maxAuthAgeSeconds: 10 }

    expect((await explain(verifier, token, { access })).verdict).toBe('accepted')
    const later = { access, now: () => (NOW + 30) * 1_000 }
    expect((await explain(verifier, token, later)).code).toBe('ERR_ACCESS_AUTHENTICATION')
  })

  test('if it fails, that is the outcome, as it is for verify', async () => {
    let ms = NOW * 1_000
    const broken = createVerifier(trusted, { now: () => ms })
    ms = NOW

    await expect(broken.verify(good)).rejects.toMatchObject({ code: 'ERR_CONFIG_INVALID' })
    const { verdict, code, causes } = await explain(broken, good)
    expect({ verdict, code }).toEqual({ verdict: 'undecided', code: 'ERR_CONFIG_INVALID' })
    expect(causes[0]?.advice).toContain('"now"')
  })
})

describe('invalid use', () => {
  test.each([
    ['verifier', () => explain({} as Verifier, good)],
    ['now', () => explain(verifier, good, { now: 7 as never })],
    ['now', () => explain(verifier, good, { now: () => NOW })],
    ['scopes', () => explain(verifier, good, { access: { scopes: [] } })],
    ['cache', () => explain(verifier, good, { cache: true } as never)],
  ])('is a ConfigError that names "%s"', async (name, call) => {
    const error = await call().catch((thrown: unknown) => thrown)

    expect(error).toBeInstanceOf(ConfigError)
    expect((error as Error).message).toContain(`"${name}"`)
  })
})

describe('what it costs', () => {
  test('a token with an unknown key causes as many requests as verify, within the same budget', async () => {
    let requests = 0
    const fetch = async () => {
      requests++
      return Response.json(issuer.jwks)
    }
    const fetching = createVerifier(
      { issuer: issuer.issuer, audience: 'api', jwksUri: issuer.jwksUri },
      { now, fetch },
    )
    const unknown = await issuer.token(claims, { header: { kid: 'x' } })
    await explain(fetching, unknown)
    expect(requests).toBe(1)

    const outcomes: unknown[] = []
    for (let n = 0; n < 5; n++) outcomes.push((await explain(fetching, unknown)).verdict)

    expect(requests).toBe(4)
    expect(outcomes).toEqual(['refused', 'refused', 'refused', 'undecided', 'undecided'])
  })

  test('a function that finds issuers is called once, and nothing is looked up twice', async () => {
    const asked: string[] = []
    const found = createVerifier(
      async (iss) => {
        asked.push(iss)
        throw new Error('down')
      },
      { now },
    )

    const { verdict, code } = await explain(found, good)

    expect({ verdict, code }).toEqual({ verdict: 'undecided', code: 'ERR_JWKS_UNAVAILABLE' })
    expect(asked).toEqual([issuer.issuer])
  })

  test('functions of the user see verified tokens only, once', async () => {
    const seen: unknown[] = []
    const validate = (value: unknown) => {
      seen.push('schema')
      return { value }
    }
    const watching = createVerifier(
      { ...trusted, claims: { '~standard': { version: 1, vendor: 'test', validate } } },
      { now, check: () => void seen.push('check') },
    )
    const access = { check: () => seen.push('access') > 0 }
    const bad = await issuer.token({ ...claims, exp: 1 })

    const { checks } = await explain(watching, bad, { access })
    expect(seen).toEqual([])
    expect(checks.filter(({ detail }) => detail?.startsWith('it is called')).length).toBe(3)
    await explain(watching, good, { access })
    expect(seen).toEqual(['schema', 'check', 'access'])
  })
})

describe('a verifier that is wrapped', () => {
  const wrap = (verify: (token: string) => unknown): Verifier =>
    ({ ...verifier, verify }) as Verifier

  test('is explained by its outcome, and is never bypassed', async () => {
    const calls: string[] = []
    const wrapped = wrap((token) => {
      calls.push(token)
      return verifier.verify(token)
    })

    const { verdict, checks } = await explain(wrapped, good)

    expect(verdict).toBe('accepted')
    expect(calls).toEqual([good])
    expect(checks.map(({ name }) => name)).toEqual(['size', 'form', 'verify'])
  })

  test.each([
    ['refuses', () => verifier.verify('x'), 'refused', 'ERR_TOKEN_MALFORMED'],
    ['returns something else', async () => ({}), 'undecided', 'ERR_CONFIG_INVALID'],
    ['throws nothing', () => Promise.reject(), 'undecided', undefined],
    ['throws an error of its own', () => Promise.reject(new Error('x')), 'undecided', undefined],
  ])('that %s', async (_, verify, verdict, code) => {
    const explanation = await explain(wrap(verify), good, { access: { scopes: ['a'] } })

    expect(explanation).toMatchObject({ verdict })
    expect(explanation.code).toBe(code)
    expect(explanation.causes.length).toBeGreaterThan(0)
  })

  test('meets the access rule, too', async () => {
    const wrapped = wrap((token) => verifier.verify(token))

    const { code } = await explain(wrapped, good, { access: { scopes: ['a'] } })

    expect(code).toBe('ERR_ACCESS_SCOPE')
  })
})
