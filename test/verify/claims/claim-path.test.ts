/**
 * Places of claims: names, and JSON Pointers with the examples of RFC 6901 s5.
 */
import { describe, expect, test } from 'vitest'
import { claimAt, readClaimPath } from '../../../src/verify/claims/claim-path.ts'

const RFC_6901 = JSON.parse(
  String.raw`{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}`,
)

function read(claims: unknown, name: string): unknown {
  return claimAt(claims, readClaimPath('groupsClaim', name))
}

test.each([
  ['/foo', ['bar', 'baz']],
  ['/foo/0', 'bar'],
  ['/', 0],
  ['/a~1b', 1],
  ['/c%d', 2],
  ['/e^f', 3],
  ['/g|h', 4],
  ['/i\\j', 5],
  ['/k"l', 6],
  ['/ ', 7],
  ['/m~0n', 8],
])('the pointer %j of RFC 6901', (pointer, value) => {
  expect(read(RFC_6901, pointer)).toEqual(value)
})

test.each([
  ['roles', { roles: ['a'] }, ['a']],
  ['https://api.example/roles', { 'https://api.example/roles': 'a' }, 'a'],
  ['cognito:groups', { 'cognito:groups': 'a' }, 'a'],
  ['m~n', { 'm~n': 'a' }, 'a'],
  ['realm_access.roles', { 'realm_access.roles': 'a' }, 'a'],
  ['/realm_access/roles', { realm_access: { roles: ['a'] } }, ['a']],
  ['/x~01', { 'x~1': 'a' }, 'a'],
  ['/teams/1/name', { teams: [{ name: 'a' }, { name: 'b' }] }, 'b'],
])('%s is read from %j', (name, claims, value) => {
  expect(read(claims, name)).toEqual(value)
})

describe('nothing is found', () => {
  test.each<[string, unknown]>([
    ['roles', {}],
    ['realm_access.roles', { realm_access: { roles: ['a'] } }],
    ['/foo/2', RFC_6901],
    ['/foo/-', RFC_6901],
    ['/foo/00', RFC_6901],
    ['/foo/length', RFC_6901],
    ['/name/0', { name: 'alice' }],
    ['/name/length', { name: 'alice' }],
    ['/a/b', { a: null }],
    ['/a/b', { a: 1 }],
    ['/a/b', { 'a/b': 1 }],
    ['a', 'abc'],
    ['a', null],
    ['a', undefined],
  ])('by %s in %j', (name, claims) => {
    expect(read(claims, name)).toBeUndefined()
  })
})

test.each(['/~', '/a~', '/~2', '/a~~0', '/x/~x'])('%s is no pointer', (name) => {
  expect(() => readClaimPath('groupsClaim', name)).toThrow('"groupsClaim" must be a JSON Pointer')
})

test.each([undefined, null, '', 0, [], ['a'], {}])('%j is no name', (value) => {
  expect(() => readClaimPath('groupsClaim', value)).toThrow('"groupsClaim"')
})
