/**
 * What a context that is too large loses first. The claims that access rules read are kept as long as possible.
 */
import { describe, expect, test } from 'vitest'
import { ClaimsContext } from '../../../src/lambda-authorizer/answer/default-context.ts'
import { findTooLarge, type Part } from '../../../src/lambda-authorizer/answer/result-size.ts'
import { readJwt } from './call-for-context.ts'

const REGISTERED = [
  ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'auth_time', 'acr', 'amr', 'sid'],
  ...['scope', 'scp', 'client_id', 'azp', 'token_use', 'origin_jti', 'event_id'],
  ...['groups', 'cognito:groups', 'roles', 'cognito:roles', 'permissions'],
  ...['username', 'cognito:username', 'email_verified', 'phone_number_verified'],
]

test.each(REGISTERED)('the claim %s is kept, and a smaller one of the user is dropped', (name) => {
  const claims = { note: 'x'.repeat(100), [name]: 'y'.repeat(200) }

  const { context, dropped } = new ClaimsContext({}, JSON.stringify(claims)).reduce(350)

  expect(readJwt(context)).toEqual({ [name]: 'y'.repeat(200) })
  expect(dropped).toEqual(['note'])
})

test('if no claim fits, jwt is reported as well', () => {
  const claims = { note: 'x'.repeat(100), sub: 'y'.repeat(200) }

  const { context, dropped } = new ClaimsContext({ sub: 'a' }, JSON.stringify(claims)).reduce(60)

  expect(context).toEqual({ sub: 'a', jwtPartial: true })
  expect(dropped).toEqual(['jwt', 'note', 'sub'])
})

test('what has no jwt at all reports only what is too large', () => {
  const { context, dropped } = new ClaimsContext(
    { sub: 'a', scope: 'x'.repeat(90) },
    undefined,
  ).reduce(60)

  expect(context).toEqual({ sub: 'a', jwtPartial: true })
  expect(dropped).toEqual(['scope'])
})

test('a context without jwt may fill its room exactly', () => {
  const flat = { scope: 'x'.repeat(90) }
  const whole = { ...flat, jwtPartial: true }
  const room = JSON.stringify({ context: whole }).length - 1
  const reduce = (bytes: number) => new ClaimsContext(flat, undefined).reduce(bytes)

  expect(reduce(room)).toEqual({ context: whole, dropped: [] })
  expect(reduce(room - 1)).toEqual({ context: { jwtPartial: true }, dropped: ['scope'] })
})

describe('exactly what has no room is dropped', () => {
  const part = (name: string, size: number, rank = 0): Part => ({ name, size, rank })
  const namesOf = (parts: readonly Part[], room: number): string[] =>
    Array.from(findTooLarge(parts, room), ({ name }) => name)

  test.each([
    [10, []],
    [9, ['a']],
    [6, ['a']],
    [5, ['a', 'b']],
    [4, ['a', 'b']],
    [3, ['a', 'b', 'd']],
    [2, ['a', 'b', 'c']],
    [0, ['a', 'b', 'd', 'c']],
    [-1, ['a', 'b', 'd', 'c']],
  ])('in the room %d: %j', (room, dropped) => {
    const parts = [part('d', 1), part('b', 2), part('a', 4), part('c', 3, 1)]

    expect(namesOf(parts, room)).toEqual(dropped)
  })
})
