/**
 * The headers that are known by their text: which, and how many.
 */
import { expect, test } from 'vitest'
import { KnownHeaders } from '../../../src/verify/token/known-headers.ts'

const header = { alg: 'RS256', kid: 'a' } as const

test('a header is known by the first segment of its token, and by nothing else', () => {
  const known = new KnownHeaders()

  known.remember('head.body.signature', header)

  expect(known.get('head')).toBe(header)
  expect(known.get('head.body.signature')).toBeUndefined()
  expect(known.get('hea')).toBeUndefined()
  expect(known.get('')).toBeUndefined()
})

test('a header that is known stays the same object', () => {
  const known = new KnownHeaders()
  known.remember('head.body.signature', header)

  known.remember('head.other.signature', { ...header })

  expect(known.get('head')).toBe(header)
})

test('there are a hundred of them at the most', () => {
  const known = new KnownHeaders()

  for (let at = 0; at < 101; at++) known.remember(`h${at}.body.signature`, header)

  expect(known.get('h0')).toBe(header)
  expect(known.get('h99')).toBe(header)
  expect(known.get('h100')).toBeUndefined()
})

test('none is known after clear', () => {
  const known = new KnownHeaders()
  known.remember('head.body.signature', header)

  known.clear()

  expect(known.get('head')).toBeUndefined()
})
