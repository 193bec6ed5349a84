/**
 * How large an answer may be, and what its context loses where it would be larger.
 */
import { type AuthorizerContext, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { askForContext, byteLength, reduced } from './ask-for-context.ts'
import { createTestVerifier, now } from './setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createTestVerifier(issuer)
const token = await issuer.accessToken()
const LIMIT = 8_192

test('may be 8 KB', async () => {
  const context = await fill(LIMIT)

  const { result, events } = await askForContext(verifier, { token, context })

  expect(byteLength(result)).toBe(LIMIT)
  expect(events).toEqual([])
})

test('may not be a byte more: the largest value goes', async () => {
  const context = await fill(LIMIT + 1)

  const { context: given, events } = await askForContext(verifier, { token, context })

  expect(given).toEqual({ small: 'a', other: true })
  expect(events).toEqual([reduced(['large'], 'size')])
})

test('is measured in bytes, not in letters', async () => {
  const { context, events } = await askForContext(verifier, {
    token,
    context: { large: 'ß'.repeat(4_000), a: 'b' },
  })

  expect(context).toEqual({ a: 'b' })
  expect(events).toEqual([reduced(['large'], 'size')])
})

test('costs as many of the largest values as it takes, and no more', async () => {
  const context = { a: 'x'.repeat(3_000), b: 'x'.repeat(5_000), c: 'x'.repeat(4_000), d: 'x' }

  const { context: given, events } = await askForContext(verifier, { token, context })

  expect(Object.keys(given)).toEqual(['a', 'c', 'd'])
  expect(events).toEqual([reduced(['b'], 'size')])
})

test('is bounded for simple answers too', async () => {
  const handler = createAuthorizer(verifier, {
    response: 'simple',
    context: () => ({ large: 'x'.repeat(9_000), small: 'a' }),
  })

  const result = await handler(createAuthorizerEvent('http-2.0', { token }))

  expect(result).toEqual({ isAuthorized: true, context: { small: 'a' } })
})

test('of a token with very many claims leaves the flat ones, and the token is not refused', async () => {
  const { context, events } = await askForContext(verifier, {
    token: await issuer.accessToken({ padding: 'x'.repeat(8_000) }),
  })

  expect(Object.keys(context).sort()).toEqual([
    'client_id',
    'scope',
    'sub',
    'token_use',
    'username',
  ])
  expect(events).toEqual([reduced(['jwt'], 'size')])
})

/** A context that makes the whole answer so large. */
async function fill(bytes: number): Promise<AuthorizerContext> {
  const { result } = await askForContext(verifier, {
    token,
    context: { small: 'a', large: '', other: true },
  })
  return { small: 'a', large: 'x'.repeat(bytes - byteLength(result)), other: true }
}
