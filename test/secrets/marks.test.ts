/**
 * The search for secrets works: a test that cannot fail would be useless.
 */
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { everythingOf, expectNothingOf, MARK, markedClaims, mint, secretsOf } from './marks.ts'

const issuer = await createTestIssuer()
const token = await mint(issuer, markedClaims(issuer, 1))
const [header = '', payload = '', signature = ''] = token.split('.')
const leak = (change: object): Error => Object.assign(new Error('no'), change)

describe('the search finds', () => {
  test.each<[string, unknown]>([
    ['the token', token],
    ['a part of its header', `x${header.slice(20, 40)}x`],
    ['a part of its payload', payload.slice(-20)],
    ['a part of its signature', signature.slice(100, 111)],
    ['the mark in a message', new Error(`bad claim ${MARK}`)],
    ['the mark in a name', leak({ [MARK]: 1 })],
    ['the mark in a cause', new Error('no', { cause: new Error(MARK) })],
    ['the mark deep in a cause', new Error('no', { cause: { a: [{ b: { c: { d: MARK } } }] } })],
    ['the mark in a hidden member', Object.defineProperty(new Error('no'), 'x', { value: MARK })],
    ['half of the mark', MARK.slice(0, 10)],
    ['the mark in base64url', Buffer.from(`a ${MARK}`).toString('base64url')],
  ])('%s', (_, value) => {
    expect(() => expectNothingOf(secretsOf(token), everythingOf(value))).toThrow()
  })
})

test('the search finds nothing in text without secrets', () => {
  expect(() => expectNothingOf(secretsOf(token), everythingOf(new Error('no')))).not.toThrow()
})
