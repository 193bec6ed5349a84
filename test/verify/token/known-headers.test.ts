/**
 * The cache of parsed headers: what it stores, and how many.
 */
import { expect, test } from 'vitest'
import { KnownHeaders } from '../../../src/verify/token/known-headers.ts'

const header = { alg: 'RS256', kid: 'a' } as const

test('a header is stored under the first segment of its token only', () => {
  const known = new KnownHeaders()

  known.remember('head.body.signature', header)

  expect(known.get('head')).toBe(header)
  expect(known.get('head.body.signature')).toBeUndefined()
  expect(known.get('hea')).toBeUndefined()
  expect(known.get('')).toBeUndefined()
})

test('a stored header stays the same object', () => {
  const known = new KnownHeaders()
  known.remember('head.body.signature', header)

  known.remember('head.other.signature', { ...header })

  expect(known.get('head')).toBe(header)
})

test('at most a hundred headers are stored', () => {
  const known = new KnownHeaders()

  for (let at = 0; at < 101; at++) known.remember(`h${at}.body.signature`, header)

  expect(known.get('h0')).toBe(header)
  expect(known.get('h99')).toBe(header)
  expect(known.get('h100')).toBeUndefined()
})

test('no header is stored after clear', () => {
  const known = new KnownHeaders()
  known.remember('head.body.signature', header)

  known.clear()

  expect(known.get('head')).toBeUndefined()
})
