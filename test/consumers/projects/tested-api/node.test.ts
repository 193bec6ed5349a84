/**
 * The same with node:test.
 */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
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

  assert.deepEqual(await response.json(), { sub: 'alice' })
})

test('an expired token is rejected', async () => {
  const token = await setup.issuer.accessToken()
  setup.advance(3606)

  assert.equal((await setup.call('/api/profile', token)).status, 401)
})

test('a user without the group is denied', async () => {
  const token = await setup.issuer.accessToken({ 'cognito:groups': ['staff'] })

  assert.equal((await setup.call('/api/users/1', token, 'DELETE')).status, 403)
})

test('a token of a rotated key passes', async () => {
  await setup.call('/api/profile', await setup.issuer.accessToken())
  await setup.issuer.rotateKeys()

  assert.equal((await setup.call('/api/profile', await setup.issuer.accessToken())).status, 200)
})
