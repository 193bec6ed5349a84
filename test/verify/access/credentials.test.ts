/**
 * Tokens from `Authorization` headers and cookies, for every adapter.
 */
import { describe, expect, test } from 'vitest'
import { parseBearerToken } from '../../../src/verify/access/bearer.ts'
import { readCookie } from '../../../src/verify/access/cookies.ts'

const BAD_REQUEST = expect.objectContaining({
  name: 'TokenError',
  code: 'ERR_TOKEN_REQUEST',
  status: 400,
})

describe('parseBearerToken', () => {
  test.each([
    'Bearer a.b-c_d~e+f/g==',
    'bearer a.b-c_d~e+f/g==',
    'BEARER a.b-c_d~e+f/g==',
    'Bearer   a.b-c_d~e+f/g==',
  ])('finds the token in %j', (value) => {
    expect(parseBearerToken([value])).toBe('a.b-c_d~e+f/g==')
  })

  test('finds no token if there is no header', () => {
    expect(parseBearerToken([])).toBeUndefined()
  })

  test.each([
    '',
    'Basic YTpi',
    'Bearerx a.b.c',
    'DPoP a.b.c',
    'a.b.c',
    ' Bearer a.b.c',
    'Token Bearer a.b.c',
  ])('finds no token in %j, which has another scheme', (value) => {
    expect(parseBearerToken([value])).toBeUndefined()
  })

  test.each([
    'Bearer',
    'Bearer ',
    'Bearer\ta.b.c',
    'Bearer,a.b.c',
    'Bearer=a.b.c',
    'Bearer:a.b.c',
    'Bearer a.b.c ',
    'Bearer a.b.c x',
    'Bearer a.b.c, Bearer a.b.c',
    'Bearer "a.b.c"',
    'Bearer token="a.b.c"',
    'Bearer a=b',
    'Bearer =',
    'Bearer é',
    'Bearer a.b.c\r\nX: y',
    'Bearer a.b.c\n',
  ])('rejects %j as malformed', (value) => {
    expect(() => parseBearerToken([value])).toThrow(BAD_REQUEST)
  })

  test.each([
    [['Bearer a.b.c', 'Bearer a.b.c']],
    [['Bearer a.b.c', 'Basic YTpi']],
    [['Basic YTpi', 'Bearer a.b.c']],
    [['', 'Bearer a.b.c']],
  ])('rejects more than one header: %j', (values) => {
    expect(() => parseBearerToken(values)).toThrow(BAD_REQUEST)
  })
})

describe('readCookie', () => {
  test.each([
    [['token=abc']],
    [['a=1; token=abc; b=2']],
    [['a=1;token=abc;b=2']],
    [['a=1', 'token=abc']],
    [['token="abc"']],
    [['flag; token=abc']],
    [[' token = abc ']],
  ])('finds the cookie in %j', (cookies) => {
    expect(readCookie(cookies, 'token')).toBe('abc')
  })

  test.each([
    [[]],
    [['']],
    [['token=']],
    [['token']],
    [['Token=abc']],
    [['xtoken=abc']],
    [['a=token=abc']],
    [['token=""']],
    [['tokens']],
    [['=token']],
  ])('finds no cookie in %j', (cookies) => {
    expect(readCookie(cookies, 'token')).toBeUndefined()
  })

  test('keeps everything after the first equals sign', () => {
    expect(readCookie(['token=a=b=='], 'token')).toBe('a=b==')
  })

  test.each(['a"b"', '"a"b', '"a', 'a"'])('does not remove quotes from %s', (value) => {
    expect(readCookie([`token=${value}`], 'token')).toBe(value)
  })

  test.each([[['token=a; token=b']], [['token=a', 'token=a']], [['token=; token=a']]])(
    'rejects a cookie that was sent twice: %j',
    (cookies) => {
      expect(() => readCookie(cookies, 'token')).toThrow(BAD_REQUEST)
    },
  )
})
