/**
 * Access rules: the user's check, several conditions at once, and invalid rules.
 */
import { AccessError, type AccessRule, authorize, ConfigError, KeysError } from 'jwt-gate'
import { describe, expect, test, vi } from 'vitest'
import { createJudge } from '../support/access.ts'

const { judge, verify } = await createJudge()
const NO_SCOPE = 'ERR_ACCESS_SCOPE'
const NO_GROUP = 'ERR_ACCESS_GROUP'
const DENIED = 'ERR_ACCESS_DENIED'

describe('check', () => {
  test('gets the verified token, and allows if it returns true', async () => {
    const verified = await verify({ tenant: 'acme' })
    const check = vi.fn(() => true)

    authorize(verified, { check })

    expect(check).toHaveBeenCalledExactlyOnceWith(verified)
  })

  test.each([false, undefined, null, 1, 'true', {}, Promise.resolve(true)])(
    'denies if it returns anything else: %s',
    async (answer) => {
      expect(await judge({ check: () => answer as boolean })).toBe(DENIED)
    },
  )

  test('denies if it is asynchronous, and its rejection does not end the process', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    const check = async () => {
      throw new Error('too late')
    }

    expect(await judge({ check: check as never })).toBe(DENIED)

    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })

  test('denies if it throws, and keeps the error as the cause', async () => {
    const verified = await verify()
    const cause = new Error('broken')
    const check = () => {
      throw cause
    }

    expect(() => authorize(verified, { check })).toThrow(
      expect.objectContaining({ code: DENIED, cause }),
    )
  })

  test('passes on an error of this library', async () => {
    const verified = await verify()
    const error = new KeysError('ERR_JWKS_UNAVAILABLE')
    const check = () => {
      throw error
    }

    expect(() => authorize(verified, { check })).toThrow(error)
  })
})

test('all given conditions must be met', async () => {
  const claims = { scope: 'a b', groups: ['g', 'h'] }
  const rule = {
    scopes: ['a'],
    anyScope: ['b'],
    groups: ['g'],
    allGroups: ['h'],
    check: () => true,
  }

  expect(await judge(rule, claims)).toBe('allowed')
  expect(await judge({ ...rule, scopes: ['x'] }, claims)).toBe(NO_SCOPE)
  expect(await judge({ ...rule, anyScope: ['x'] }, claims)).toBe(NO_SCOPE)
  expect(await judge({ ...rule, groups: ['x'] }, claims)).toBe(NO_GROUP)
  expect(await judge({ ...rule, allGroups: ['x'] }, claims)).toBe(NO_GROUP)
  expect(await judge({ ...rule, check: () => false }, claims)).toBe(DENIED)
})

describe('an invalid rule', () => {
  test.each([
    ['rule', [undefined, null, [], 'a', () => true]],
    ['scope', [{ scope: ['a'] }]],
    ...['scopes', 'anyScope'].map((name) => [
      name,
      [null, '', 0, false, [], [''], ['a b'], ['a', 'a b'], ['a"'], ['é'], ['a\\'], [1]].map(
        (value) => ({
          [name]: value,
        }),
      ),
    ]),
    ...['groups', 'allGroups'].map((name) => [
      name,
      [null, '', 0, false, [], [''], [1], {}].map((value) => ({ [name]: value })),
    ]),
    ['check', [null, true, 'x', {}].map((check) => ({ check }))],
  ] as [string, unknown[]][])(
    'is a ConfigError that names "%s", and never grants access',
    async (name, rules) => {
      const verified = await verify({ scope: 'a', groups: ['g'] })

      for (const rule of rules) {
        expect(() => authorize(verified, rule as AccessRule)).toThrow(ConfigError)
        expect(() => authorize(verified, rule as AccessRule)).toThrow(`"${name}"`)
      }
    },
  )

  test('may have undefined for a missing condition', async () => {
    const rule = { scopes: undefined, anyScope: undefined, groups: undefined, check: undefined }

    expect(await judge(rule)).toBe('allowed')
  })
})

test.each(['a', 5, null, undefined])('claims that are %j grant nothing', async (claims) => {
  const verified = { ...(await verify()), claims }

  expect(() => authorize(verified, { scopes: ['a'] })).toThrow(AccessError)
  expect(() => authorize(verified, { groups: ['a'] })).toThrow(AccessError)
})
