/**
 * Tokens from `Authorization` headers and cookies, for every adapter.
 */
import { describe, expect, test } from 'vitest'
import { missingBearer, parseBearerToken } from '../../../src/verify/access/bearer.ts'
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

describe('each malformed header has a reason', () => {
  test.each([
    ['empty', ['Bearer']],
    ['empty', ['Bearer  ']],
    ['separator', ['Bearer\ta.b.c']],
    ['separator', ['Bearer:a.b.c']],
    ['separator', ['Bearer,a.b.c']],
    ['scheme', ['Bearer Bearer a.b.c']],
    ['scheme', ['Bearer bearer  a.b.c']],
    ['scheme', ['Bearer "Bearer a.b.c"']],
    ['scheme', ['Bearer Bearer: a.b.c']],
    ['quoted', ['Bearer "a.b.c"']],
    ['quoted', ["Bearer 'a.b.c'"]],
    ['quoted', ["Bearer b'a.b.c'"]],
    ['quoted', ['Bearer \u201ca.b.c\u201d']],
    ['quoted', ['Bearer token="a.b.c"']],
    ['line_break', ['Bearer a.b.c\n']],
    ['line_break', ['Bearer a.b\r\n.c']],
    ['line_break', ['Bearer a.b.c\\n']],
    ['line_break', ['Bearer a.b.c%0A']],
    ['space', ['Bearer a.b.c x']],
    ['space', ['Bearer a.b.c ']],
    ['space', ['Bearer \ta.b.c']],
    ['json', ['Bearer {"access_token":"a.b.c"}']],
    ['json', ['Bearer [object Object]']],
    ['placeholder', ['Bearer {{access_token}}']],
    ['placeholder', ['Bearer $TOKEN']],
    ['placeholder', [`Bearer $${'{TOKEN}'}`]],
    ['placeholder', ['Bearer <token>']],
    ['placeholder', ['Bearer %TOKEN%']],
    ['repeated', ['Bearer a.b.c, Bearer a.b.c']],
    ['repeated', ['Bearer a.b.c', 'Bearer a.b.c']],
    ['repeated', ['Basic YTpi', 'Bearer a.b.c']],
    ['characters', ['Bearer a=b']],
    ['characters', ['Bearer a.b.é']],
    ['characters', ['Bearer \u200ba.b.c']],
  ])('%s: %j', (reason, values) => {
    const rejected = expect.objectContaining({ code: 'ERR_TOKEN_REQUEST', status: 400, reason })

    expect(() => parseBearerToken(values)).toThrow(rejected)
  })

  test.each([
    [undefined, undefined],
    ['empty', ''],
    ['empty', '  '],
    ['scheme', 'Basic YTpi'],
    ['scheme', 'DPoP a.b.c'],
    ['scheme', 'Token Bearer a.b.c'],
    ['no_scheme', 'a.b.c'],
    ['no_scheme', 'Bearera.b.c'],
    ['no_scheme', 'é a.b.c'],
    ['quoted', '"Bearer a.b.c"'],
    ['quoted', "'Bearer a.b.c'"],
    ['json', '{"Authorization":"Bearer a.b.c"}'],
    ['json', '[object Object]'],
    ['placeholder', '{{auth}}'],
    ['placeholder', '$AUTH'],
  ])('%s: a header without a bearer token, %j', (reason, value) => {
    const error = missingBearer(value)

    expect(error).toMatchObject({ code: 'ERR_TOKEN_MISSING', status: 401 })
    expect(error.reason).toBe(reason)
    expect(error.message.startsWith('No ')).toBe(true)
  })

  test('has a text of its own for each', () => {
    const textOf = (value: string) => missingBearer(value).message
    const texts = ['', 'Basic YTpi', 'a.b.c', '"a"', '{"a"}', '$A'].map(textOf)

    expect(new Set(texts).size).toBe(texts.length)
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
