/**
 * Claims behind the JWT authorizer of a REST API: they arrive with their JSON types, and stay as they are.
 */
import fc from 'fast-check'
import { claimsFromEvent } from 'jwt-gate/lambda-authorizer'
import { createHandlerEvent, createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { claimsOf } from '../../testing/decode.ts'
import { now } from '../setup.ts'

const issuer = await createTestIssuer({ now })

test('are those of the token', async () => {
  for (const token of [await issuer.accessToken(), await issuer.idToken()]) {
    const event = createHandlerEvent('rest-jwt', { claims: claimsOf(token) })

    expect(claimsFromEvent(event)).toEqual(claimsOf(token))
  }
})

test('keep texts that other authorizers make of numbers, booleans, dates, lists and objects', () => {
  const claims = {
    exp: 1_795_911_879,
    iat: 'Mon Jul 20 02:28:52 UTC 2026',
    version: '42',
    email_verified: 'true',
    'cognito:groups': 'sales,admin',
    'cognito:roles': '[reader writer]',
    amr: '["pwd"]',
    identities: '{"userId":"1"}',
    address: { city: 'Graz', floor: null },
    levels: [1, '1', [true]],
    nothing: null,
  }

  expect(claimsFromEvent(createHandlerEvent('rest-jwt', { claims }))).toEqual(claims)
})

test('keep any JSON', () => {
  const claims = fc
    .dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 6 })
    .map((one) => JSON.stringify({ ...one, exp: 1_795_911_879 }))
    .filter((text) => !text.includes('__proto__'))

  fc.assert(
    fc.property(claims, (text) => {
      const event = createHandlerEvent('rest-jwt', { claims: JSON.parse(text) })

      expect(claimsFromEvent(event)).toEqual(JSON.parse(text))
    }),
  )
})
