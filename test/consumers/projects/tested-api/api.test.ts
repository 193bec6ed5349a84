/**
 * What a user's tests check. Jest and Vitest run this file; Vitest takes `@jest/globals` for its own name.
 */
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { TokenError } from 'jwt-gate'
import { createSetup } from './api.js'

let setup: Awaited<ReturnType<typeof createSetup>>
beforeEach(async () => {
  setup = await createSetup()
})
afterEach(() => {
  setup.close()
})

test('a user sees their profile', async () => {
  const response = await setup.call(
    '/api/profile',
    await setup.issuer.accessToken({ sub: 'alice' }),
  )

  expect(await response.json()).toEqual({ sub: 'alice' })
})

test('an expired token is rejected', async () => {
  const token = await setup.issuer.accessToken()
  setup.advance(3606)
  const response = await setup.call('/api/profile', token)

  expect(response.status).toBe(401)
  expect(await response.json()).toMatchObject({ error_description: 'The token has expired' })
})

test('a user without the group is denied', async () => {
  const token = await setup.issuer.accessToken({ 'cognito:groups': ['staff'] })
  const response = await setup.call('/api/users/1', token, 'DELETE')

  expect(response.status).toBe(403)
  expect(response.headers.get('www-authenticate')).toContain('insufficient_scope')
})

test('a token of a rotated key passes', async () => {
  await setup.call('/api/profile', await setup.issuer.accessToken())
  await setup.issuer.rotateKeys()
  const response = await setup.call('/api/profile', await setup.issuer.accessToken())

  expect(response.status).toBe(200)
})

test('an outage is no 401', async () => {
  setup.issuer.fail('down')
  const response = await setup.call('/api/profile', await setup.issuer.accessToken())

  expect(response.status).toBe(503)
})

test('claims and errors are what the matchers expect of them', async () => {
  const { claims } = await setup.verifier.verify(await setup.issuer.accessToken({ sub: 'alice' }))

  expect(claims).toMatchObject({ sub: 'alice', token_use: 'access' })
  await expect(setup.verifier.verify('a.b.c')).rejects.toThrow(TokenError)
  await expect(setup.verifier.verify('a.b.c')).rejects.toMatchObject({
    code: 'ERR_TOKEN_MALFORMED',
  })
})
