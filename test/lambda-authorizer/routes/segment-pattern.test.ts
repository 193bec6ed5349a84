/**
 * The requests that a pattern matches.
 */
import { describe, expect, test } from 'vitest'
import {
  ANY_SEGMENT,
  isMatch,
  type Pattern,
  SEGMENT,
  SEGMENTS,
} from '../../../src/lambda-authorizer/routes/segment-pattern.ts'

const ALL = ['', 'a', 'a/b', 'a/', '/a', '/', 'a/b/c', 'a//c', 'b', 'b/c']

describe.each<[string, Pattern, string[]]>([
  ['a text', ['a'], ['a']],
  ['two texts', ['a', 'b'], ['a/b']],
  ['an empty text', ['a', ''], ['a/']],
  ['one segment', [SEGMENT], ['a', 'b']],
  ['one segment after a text', ['a', SEGMENT], ['a/b']],
  ['one segment between texts', ['a', SEGMENT, 'c'], ['a/b/c']],
  ['one segment of any kind', [ANY_SEGMENT], ['', 'a', 'b']],
  ['one segment of any kind between texts', ['a', ANY_SEGMENT, 'c'], ['a/b/c', 'a//c']],
  ['segments', [SEGMENTS], ALL],
  ['segments after a text', ['a', SEGMENTS], ['a/b', 'a/', 'a/b/c', 'a//c']],
  ['segments before a text', [SEGMENTS, 'c'], ['a/b/c', 'a//c', 'b/c']],
  ['segments twice', [SEGMENTS, SEGMENTS], ['a/b', 'a/', '/a', '/', 'a/b/c', 'a//c', 'b/c']],
  ['no more than two', ['a', SEGMENT, SEGMENT, SEGMENTS], []],
])('%s', (_title, pattern, matching) => {
  test.each(ALL)('%j', (request) => {
    expect(isMatch(pattern, request.split('/'))).toBe(matching.includes(request))
  })
})
