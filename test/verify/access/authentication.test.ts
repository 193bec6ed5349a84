/**
 * Access rules for the authentication of the user: `acr` and `maxAuthAgeSeconds` (RFC 9470).
 */
import { AccessError, type AccessRule, authorize, createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createClock } from '../support/clock.ts'

const issuer = await createTestIssuer()
const NOW = 1_900_000_000
const good = { iss: issuer.issuer, exp: 4_000_000_000 }
const trusted = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }
const now = () => NOW * 1_000

async function judge(rule: AccessRule, claims: object, options: object = { now }): Promise<string> {
  const verified = await createVerifier(trusted, options).verify(
    await issuer.token({ ...good, ...claims }),
  )
  try {
    authorize(verified, rule)
    return 'allowed'
  } catch (error) {
    expect(error).toBeInstanceOf(AccessError)
    const { code, status, claim, reason } = error as AccessError
    return [code, status, claim, reason].join(' ')
  }
}

const refused = (rest: string) => `ERR_ACCESS_AUTHENTICATION 401 ${rest}`

describe('acr', () => {
  test.each<[object, string]>([
    [{ acr: 'mfa' }, 'allowed'],
    [{ acr: 'phr' }, 'allowed'],
    [{}, refused('acr missing')],
    [{ acr: 'pwd' }, refused('acr mismatch')],
    [{ acr: '' }, refused('acr mismatch')],
    [{ acr: 'MFA' }, refused('acr mismatch')],
    [{ acr: 'mfa phr' }, refused('acr mismatch')],
    [{ acr: 'mfax' }, refused('acr mismatch')],
    [{ acr: ['mfa'] }, refused('acr invalid')],
    [{ acr: null }, refused('acr invalid')],
    [{ acr: { mfa: true } }, refused('acr invalid')],
    [{ amr: ['mfa'] }, refused('acr missing')],
  ])('of %j is %s', async (claims, outcome) => {
    expect(await judge({ acr: ['mfa', 'phr'] }, claims)).toBe(outcome)
  })

  test('a number is not its text', async () => {
    expect(await judge({ acr: ['1'] }, { acr: '1' })).toBe('allowed')
    expect(await judge({ acr: ['1'] }, { acr: 1 })).toBe(refused('acr invalid'))
  })
})

describe('maxAuthAgeSeconds', () => {
  test.each<[object, string]>([
    [{ auth_time: NOW }, 'allowed'],
    [{ auth_time: NOW - 300 }, 'allowed'],
    [{ auth_time: NOW - 299.5 }, 'allowed'],
    [{ auth_time: NOW - 300.5 }, refused('auth_time mismatch')],
    [{ auth_time: NOW - 301 }, refused('auth_time mismatch')],
    [{ auth_time: 0 }, refused('auth_time mismatch')],
    [{ auth_time: NOW + 5 }, 'allowed'],
    [{ auth_time: NOW + 6 }, refused('auth_time future')],
    [{ auth_time: NOW * 1_000 }, refused('auth_time future')],
    [{}, refused('auth_time missing')],
    [{ iat: NOW }, refused('auth_time missing')],
    [{ auth_time: `${NOW}` }, refused('auth_time invalid')],
    [{ auth_time: [NOW] }, refused('auth_time invalid')],
    [{ auth_time: null }, refused('auth_time invalid')],
    [{ auth_time: true }, refused('auth_time invalid')],
  ])('of 300 and %j is %s', async (claims, outcome) => {
    expect(await judge({ maxAuthAgeSeconds: 300 }, claims)).toBe(outcome)
  })

  test("uses the verifier's clock, on each call and for a cached token", async () => {
    const clock = createClock()
    const verifier = createVerifier(trusted, { now: clock.now })
    const token = await issuer.token({ ...good, auth_time: clock.now() / 1_000 })
    const judgeNow = async () => {
      const verified = await verifier.verify(token)
      try {
        authorize(verified, { maxAuthAgeSeconds: 60 })
        return true
      } catch {
        return false
      }
    }

    expect([await judgeNow(), await judgeNow(), await judgeNow()]).toEqual([true, true, true])
    clock.advance(61_000)
    expect(await judgeNow()).toBe(false)
  })

  test('uses the real clock if the verifier has no other', async () => {
    const auth_time = Date.now() / 1_000
    const rule = { maxAuthAgeSeconds: 300 }

    expect(await judge(rule, { auth_time }, {})).toBe('allowed')
    expect(await judge(rule, { auth_time: auth_time - 400 }, {})).toBe(
      refused('auth_time mismatch'),
    )
  })

  test('allows clocks to differ by clockToleranceSeconds', async () => {
    const options = { now, clockToleranceSeconds: 60 }
    const rule = { maxAuthAgeSeconds: 300 }

    expect(await judge(rule, { auth_time: NOW + 60 }, options)).toBe('allowed')
    expect(await judge(rule, { auth_time: NOW + 61 }, options)).toBe(refused('auth_time future'))
    const real = Date.now() / 1_000
    expect(await judge(rule, { auth_time: real + 50 }, { clockToleranceSeconds: 60 })).toBe(
      'allowed',
    )
  })
})

test('the error has what was required', async () => {
  const verified = await createVerifier(trusted).verify(await issuer.token(good))
  const both = { acr: ['mfa', 'phr'], maxAuthAgeSeconds: 300 }

  expect(() => authorize(verified, both)).toThrow(
    expect.objectContaining({ acrValues: ['mfa', 'phr'], maxAgeSeconds: 300 }),
  )
  expect(() => authorize(verified, { maxAuthAgeSeconds: 300 })).toThrow(
    expect.not.objectContaining({ acrValues: expect.anything() }),
  )
})

test('rights are checked first, because no authentication gives them', async () => {
  const rule = { scopes: ['a'], acr: ['mfa'] }

  expect(await judge(rule, {})).toMatch(/^ERR_ACCESS_SCOPE 403/)
  expect(await judge(rule, { scope: 'a' })).toBe(refused('acr missing'))
})

test.each<[string, unknown[]]>([
  ['acr', [null, '', [], [''], ['a b'], ['a"'], [1], 1, {}]],
  ['maxAuthAgeSeconds', [null, '', '300', 0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, [300]]],
])('"%s" cannot be any of %j', async (name, values) => {
  const verified = await createVerifier(trusted).verify(await issuer.token(good))

  for (const value of values) {
    expect(() => authorize(verified, { [name]: value } as AccessRule)).toThrow(`"${name}"`)
  }
})

test('is no visible member of a verified token', async () => {
  const verified = await createVerifier(trusted, { now }).verify(await issuer.token(good))

  expect(Object.keys(verified)).toEqual(['claims', 'header', 'issuer'])
  expect({ ...verified }).toEqual({ claims: good, header: verified.header, issuer: good.iss })
})
