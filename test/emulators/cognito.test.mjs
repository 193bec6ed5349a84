/**
 * Users of a Cognito user pool (cognito-local) call every kind of API (serverless-offline) behind the authorizer that ships.
 */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { APIS } from './gateway/apis.mjs'
import { startGateway } from './gateway/gateway.mjs'
import { ALICE, BOB, startCognito } from './issuers/cognito.mjs'
import { decodeClaims, forge } from './issuers/tokens.mjs'

const pool = await startCognito()
after(pool.stop)
const gateway = await startGateway({
  env: {
    JWT_GATE_USER_POOL_ID: pool.userPoolId,
    JWT_GATE_CLIENT_ID: pool.clientId,
    JWT_GATE_TOKEN_USE: 'access',
    // the address of the emulator's pool differs from Amazon's
    JWT_GATE_ISSUER: pool.issuer,
  },
  rule: { groups: ['admin'] },
})
after(gateway.stop)

const alice = await pool.signIn(ALICE, pool.clientId)
const bob = await pool.signIn(BOB, pool.clientId)
const expired = await pool.signIn(ALICE, pool.expiringClientId)
const elsewhere = await pool.signIn(ALICE, pool.otherClientId)

const BAD_TOKENS = [
  ['a malformed token', 'abc', 'ERR_TOKEN_MALFORMED'],
  ['an expired token', expired.AccessToken, 'ERR_TOKEN_EXPIRED'],
  ['a forged token', forge(alice.AccessToken), 'ERR_TOKEN_SIGNATURE'],
  ['an ID token', alice.IdToken, 'ERR_CLAIM_TOKEN_USE'],
  ["another app client's token", elsewhere.AccessToken, 'ERR_CLAIM_CLIENT_ID'],
]

for (const [api, { gateway: name, refused }] of Object.entries(APIS)) {
  describe(api, () => {
    test('passes exactly the claims of a good token to the handler', async () => {
      const { status, claims } = await gateway.call(api, {
        route: 'admin',
        token: alice.AccessToken,
      })

      assert.equal(status, 200)
      assert.deepEqual(claims, decodeClaims(alice.AccessToken))
      assert.deepEqual(claims['cognito:groups'], ['admin'])
    })

    test('rejects a request without a token', async () => {
      const { status } = await gateway.call(api, { route: 'profile' })

      // on AWS, a missing identity source is a 401 for every kind of API, and the authorizer is not called
      assert.equal(status, 401)
    })

    for (const [what, token, code] of BAD_TOKENS) {
      test(`rejects ${what}`, async () => {
        const { status, events } = await gateway.call(api, { route: 'profile', token })

        assert.equal(status, refused)
        assert.deepEqual(events, [{ type: 'authorizer.refused', gateway: name, code }])
      })
    }

    test('denies a user who is not in the group', async () => {
      const { status, events } = await gateway.call(api, {
        route: 'admin',
        token: bob.AccessToken,
      })

      assert.equal(status, 403)
      assert.deepEqual(events, [
        { type: 'authorizer.refused', gateway: name, code: 'ERR_ACCESS_GROUP' },
      ])
    })
  })
}

for (const api of Object.keys(APIS).filter((name) => name !== 'websocket')) {
  test(`${api} lets a user without the group use the other route`, async () => {
    const { status, claims } = await gateway.call(api, {
      route: 'profile',
      token: bob.AccessToken,
    })

    assert.equal(status, 200)
    assert.deepEqual(claims, decodeClaims(bob.AccessToken))
  })
}
