/**
 * An error as JSON is written to logs. Whatever a user's function or a network library throws, it never throws itself, never grows
 * without limit, and never takes a verdict or a configuration from what was thrown.
 */
import { AccessError, ConfigError, createVerifier, KeysError, TokenError } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { FOREIGN, OURS, trap } from './hostile-errors.ts'
import { claimsOf, now, trust } from './setup.ts'

const ALL = [...OURS, ...FOREIGN]

describe('a hostile cause', () => {
  test.each(ALL)('%s', (_, make) => {
    for (const error of [
      new ConfigError('"x" is wrong', { cause: make() }),
      new TokenError('ERR_TOKEN_CHECK', { cause: make() }),
      new KeysError('ERR_JWKS_UNAVAILABLE', { cause: make() }),
      new AccessError('ERR_ACCESS_DENIED', { cause: make() }),
    ]) {
      const { code, status, message } = JSON.parse(JSON.stringify(error))

      expect({ code, status, message }).toEqual({
        code: error.code,
        status: error.status,
        message: error.message,
      })
    }
  })

  test('cannot put its own JSON in place of its name', () => {
    const cause = Object.assign(new Error('x'), { toJSON: () => ({ name: 'admin' }), extra: 'y' })

    const { cause: json } = new TokenError('ERR_TOKEN_CHECK', { cause }).toJSON()

    expect(json).toEqual({ name: 'Error', message: 'x' })
  })

  test.each([
    ['a chain of a thousand causes', () => chain(1_000)],
    ['a message of a megabyte', () => new Error('x'.repeat(1_000_000))],
    ['a name of a megabyte', () => ({ name: 'x'.repeat(1_000_000) })],
    ['a code of a megabyte', () => ({ code: 'x'.repeat(1_000_000) })],
    ['a list of ten thousand errors', () => ({ errors: Array(10_000).fill(new Error('x')) })],
    ['a text of a megabyte', () => 'x'.repeat(1_000_000)],
  ])('%s stays small', (_, make) => {
    const text = JSON.stringify(new ConfigError('"x" is wrong', { cause: make() }))

    expect(text.length).toBeLessThan(3_000)
  })
})

test.each(OURS)('an error of ours with %s is written without an exception', (_, make) => {
  const error = make() as TokenError

  // a proxy that throws on every read has no toJSON either
  if (Reflect.getPrototypeOf(error) && isReadable(error)) {
    expect(() => TokenError.prototype.toJSON.call(error)).not.toThrow()
  }
  expect(() => TokenError.prototype.toJSON.call(trap('get') as TokenError)).not.toThrow()
})

test('no list of a configuration makes a rejection expensive', async () => {
  const issuer = await createTestIssuer({ now })
  const audience = Array.from({ length: 50_000 }, (_, at) => `https://api-${at}.example`)
  const verifier = createVerifier(trust(issuer, { audience }), { now })
  const token = await issuer.token({ ...claimsOf(issuer), aud: 'https://other.example' })

  const error: unknown = await verifier.verify(token).catch((reason: unknown) => reason)

  expect(JSON.stringify(error).length).toBeLessThan(1_500)
})

function chain(length: number): Error {
  let error = new Error('first')
  for (let at = 0; at < length; at++) error = new Error(`cause ${at}`, { cause: error })
  return error
}

function isReadable(error: object): boolean {
  try {
    return Reflect.get(error, 'code') !== null
  } catch {
    return false
  }
}
