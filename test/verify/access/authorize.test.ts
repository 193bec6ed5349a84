/**
 * What a verified token allows: scopes and groups, compared by exact names.
 */
import { authorize } from 'jwt-gate'
import { describe, expect, test } from 'vitest'
import { createJudge } from '../support/access.ts'

const { judge, verify } = await createJudge()
const NO_SCOPE = 'ERR_ACCESS_SCOPE'
const NO_GROUP = 'ERR_ACCESS_GROUP'

test('an empty rule requires only a valid token', async () => {
  expect(await judge({})).toBe('allowed')
})

describe('scopes', () => {
  test.each([
    [{ scope: 'a' }, 'allowed'],
    [{ scope: 'x a y' }, 'allowed'],
    [{ scope: ['x', 'a'] }, 'allowed'],
    [{ scp: 'x a' }, 'allowed'],
    [{ scp: ['a'] }, 'allowed'],
    [{}, NO_SCOPE],
    [{ scope: '' }, NO_SCOPE],
    [{ scope: 'A' }, NO_SCOPE],
    [{ scope: 'ab' }, NO_SCOPE],
    [{ scope: 'a/b' }, NO_SCOPE],
    [{ scope: 'a\tb' }, NO_SCOPE],
    [{ scope: 'x,a' }, NO_SCOPE],
    [{ scope: '*' }, NO_SCOPE],
    [{ scope: ['x a'] }, NO_SCOPE],
    [{ scope: [['a']] }, NO_SCOPE],
    [{ scope: { a: true } }, NO_SCOPE],
    [{ scope: 1 }, NO_SCOPE],
    [{ scope: true }, NO_SCOPE],
    [{ scope: 'x', scp: 'a' }, NO_SCOPE],
    [{ scope: null, scp: 'a' }, 'allowed'],
    [{ scopes: 'a' }, NO_SCOPE],
  ])('are read from %j: %s', async (claims, outcome) => {
    expect(await judge({ scopes: ['a'] }, claims)).toBe(outcome)
    expect(await judge({ anyScope: ['a'] }, claims)).toBe(outcome)
  })

  test('"scopes" requires all of them, "anyScope" one of them', async () => {
    expect(await judge({ scopes: ['a', 'b'] }, { scope: 'b a' })).toBe('allowed')
    expect(await judge({ scopes: ['a', 'b'] }, { scope: 'a' })).toBe(NO_SCOPE)
    expect(await judge({ anyScope: ['a', 'b'] }, { scope: 'b' })).toBe('allowed')
    expect(await judge({ anyScope: ['a', 'b'] }, { scope: 'c' })).toBe(NO_SCOPE)
  })

  test.each([{ scopes: ['a', 'b'] }, { anyScope: ['a', 'b'] }])(
    'the error includes the required scopes: %j',
    async (rule) => {
      const verified = await verify()

      expect(() => authorize(verified, rule)).toThrow(
        expect.objectContaining({ scopes: ['a', 'b'] }),
      )
    },
  )
})

describe('groups', () => {
  const name = 'cognito:groups'

  test.each([
    [{ [name]: ['a'] }, 'allowed'],
    [{ [name]: ['x', 'a'] }, 'allowed'],
    [{ groups: ['a'] }, 'allowed'],
    [{}, NO_GROUP],
    [{ [name]: [] }, NO_GROUP],
    [{ [name]: ['A', 'aa', 'a '] }, NO_GROUP],
    [{ [name]: 'a' }, 'allowed'],
    [{ groups: 'a' }, 'allowed'],
    [{ [name]: '' }, NO_GROUP],
    [{ [name]: 'a,x' }, NO_GROUP],
    [{ [name]: 'x', groups: 'a' }, NO_GROUP],
    [{ [name]: 'x a' }, NO_GROUP],
    [{ [name]: { a: true } }, NO_GROUP],
    [{ [name]: [['a'], { a: 1 }, 1, null] }, NO_GROUP],
    [{ [name]: ['x'], groups: ['a'] }, NO_GROUP],
    [{ scope: 'a' }, NO_GROUP],
  ])('are read from %j: %s', async (claims, outcome) => {
    expect(await judge({ groups: ['a'] }, claims)).toBe(outcome)
    expect(await judge({ allGroups: ['a'] }, claims)).toBe(outcome)
  })

  test('a string is one group, whatever it contains', async () => {
    expect(await judge({ groups: ['Domain Users'] }, { groups: 'Domain Users' })).toBe('allowed')
    expect(await judge({ groups: ['a,b'] }, { groups: 'a,b' })).toBe('allowed')
    expect(await judge({ allGroups: ['a', 'b'] }, { groups: 'a' })).toBe(NO_GROUP)
  })

  test('"groups" requires one of them, "allGroups" all of them', async () => {
    expect(await judge({ groups: ['a', 'b'] }, { groups: ['b'] })).toBe('allowed')
    expect(await judge({ allGroups: ['a', 'b'] }, { groups: ['b'] })).toBe(NO_GROUP)
    expect(await judge({ allGroups: ['a', 'b'] }, { groups: ['b', 'a'] })).toBe('allowed')
  })
})
