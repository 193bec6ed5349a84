/**
 * A response of an issuer's endpoint must never count as a verdict on a token, nor be used as keys if it is no key set (RFC 7517
 * s5). Any such response is an outage.
 */
import { createVerifier, type VerifierOptions } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { firstKey } from '../verify/support/raw-token.ts'
import { ACCEPTED, claimsOf, now, sayOf } from './setup.ts'

const issuer = await createTestIssuer({ now })
const token = await issuer.token(claimsOf(issuer))
const good = firstKey(issuer).jwk
const { kid } = good

const sayFor = (serve: () => Response | Promise<Response>, options: VerifierOptions = {}) =>
  sayOf(() =>
    createVerifier(
      { issuer: issuer.issuer, audience: 'api', jwksUri: issuer.jwksUri },
      { now, fetch: async () => serve(), ...options },
    ).verify(token),
  )

test('the control: a set with the key', async () => {
  expect(await sayFor(() => Response.json({ keys: [good] }))).toBe(ACCEPTED)
})

describe('no response that is no key set is a verdict on a token', () => {
  const json = (value: unknown) => () => Response.json(value)

  test.each<[string, () => Response, string]>([
    ['HTML', () => new Response('<!doctype html>'), 'ERR_JWKS_INVALID not_json'],
    ['nothing', () => new Response(''), 'ERR_JWKS_INVALID not_json'],
    ['truncated JSON', () => new Response('{"keys":['), 'ERR_JWKS_INVALID not_json'],
    ['a list of keys', json([good]), 'ERR_JWKS_INVALID not_a_key_set'],
    ['a key', json(good), 'ERR_JWKS_INVALID not_a_key_set'],
    ['null', json(null), 'ERR_JWKS_INVALID not_a_key_set'],
    [
      'keys as an object',
      json({ keys: { [String(kid)]: good } }),
      'ERR_JWKS_INVALID not_a_key_set',
    ],
    ['keys as a string', json({ keys: JSON.stringify([good]) }), 'ERR_JWKS_INVALID not_a_key_set'],
    ['KEYS', json({ KEYS: [good] }), 'ERR_JWKS_INVALID not_a_key_set'],
    [
      'keys inside __proto__',
      () => new Response(`{"__proto__":${JSON.stringify({ keys: [good] })}}`),
      'ERR_JWKS_INVALID',
    ],
    ['no keys', json({ keys: [] }), 'ERR_JWKS_INVALID no_usable_key'],
    [
      '101 keys',
      json({
        keys: Array.from({ length: 101 }, (_, at) => ({ ...good, kid: `${kid}${at || ''}` })),
      }),
      'ERR_JWKS_INVALID too_large',
    ],
    [
      'more than 512 KB',
      () => new Response(JSON.stringify({ keys: [good] }).padEnd(524_289)),
      'ERR_JWKS_INVALID too_large',
    ],
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: issuer.jwksUri } }),
      'ERR_JWKS_UNAVAILABLE redirect',
    ],
    [
      'an error page with keys',
      () => Response.json({ keys: [good] }, { status: 403 }),
      'ERR_JWKS_UNAVAILABLE status',
    ],
    [
      'a 201 response with keys',
      () => Response.json({ keys: [good] }, { status: 201 }),
      'ERR_JWKS_UNAVAILABLE status',
    ],
    ['a broken server', () => new Response('', { status: 500 }), 'ERR_JWKS_UNAVAILABLE status'],
  ])('%s', async (_, serve, outcome) => {
    expect(await sayFor(serve)).toContain(outcome)
  })

  test('no response at all', async () => {
    const down = () => Promise.reject(new TypeError('fetch failed'))

    expect(await sayFor(down)).toBe('ERR_JWKS_UNAVAILABLE network')
  })

  test('a response that takes too long', async () => {
    const slow = () => new Promise<Response>(() => undefined)

    expect(await sayFor(slow, { jwks: { timeoutMs: 10 } })).toBe('ERR_JWKS_UNAVAILABLE timeout')
  })
})
