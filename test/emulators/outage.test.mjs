/**
 * The issuer's keys cannot be fetched: no client may get that reported as a bad token.
 */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { APIS } from './gateway/apis.mjs'
import { startGateway } from './gateway/gateway.mjs'
import { startOidc } from './issuers/oidc.mjs'
import { findFreePorts } from './support/free-ports.mjs'

const issuer = await startOidc()
after(issuer.stop)
const [closedPort] = await findFreePorts(1)
const gateway = await startGateway({
  env: {
    JWT_GATE_ISSUER: issuer.issuer,
    JWT_GATE_AUDIENCE: 'https://rs256.example',
    JWT_GATE_JWKS_URI: `http://127.0.0.1:${closedPort}/jwks`,
  },
  rule: {},
})
after(gateway.stop)

const token = await issuer.getToken({ resource: 'https://rs256.example' })

for (const [api, { gateway: name, refused }] of Object.entries(APIS)) {
  describe(api, () => {
    test('responds to a good token with 500', async () => {
      const { status, events } = await gateway.call(api, { route: 'profile', token })

      assert.equal(status, 500)
      assert.deepEqual(events, [
        { type: 'authorizer.failed', gateway: name, code: 'ERR_JWKS_UNAVAILABLE' },
      ])
    })

    test('still rejects a malformed token', async () => {
      const { status, events } = await gateway.call(api, { route: 'profile', token: 'abc' })

      assert.equal(status, refused)
      assert.deepEqual(events, [
        { type: 'authorizer.refused', gateway: name, code: 'ERR_TOKEN_MALFORMED' },
      ])
    })
  })
}
