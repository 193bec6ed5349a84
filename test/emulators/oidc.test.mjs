/**
 * Machines with tokens of an OAuth 2 authorization server (oidc-provider) call every kind of API (serverless-offline) behind
 * the authorizer that ships.
 */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { APIS } from './gateway/apis.mjs'
import { startGateway } from './gateway/gateway.mjs'
import { startOidc } from './issuers/oidc.mjs'
import { decodeClaims, decodeHeader, forge } from './issuers/tokens.mjs'

const issuer = await startOidc()
after(issuer.stop)
const gateway = await startGateway({
  env: {
    // its keys are found by discovery
    JWT_GATE_ISSUER: issuer.issuer,
    JWT_GATE_AUDIENCE:
      'https://rs256.example,https://es256.example,https://eddsa.example,https://ps256.example',
    JWT_GATE_ALGORITHMS: 'RS256,ES256,EdDSA',
  },
  rule: { scopes: ['write'] },
})
after(gateway.stop)

const GOOD_TOKENS = {
  RS256: await issuer.getToken({ resource: 'https://rs256.example' }),
  ES256: await issuer.getToken({ resource: 'https://es256.example' }),
  EdDSA: await issuer.getToken({ resource: 'https://eddsa.example' }),
}
const BAD_TOKENS = [
  ['an opaque token', await issuer.getToken(), 'ERR_TOKEN_MALFORMED'],
  ['a forged token', forge(GOOD_TOKENS.EdDSA), 'ERR_TOKEN_SIGNATURE'],
  [
    'an algorithm that is not allowed',
    await issuer.getToken({ resource: 'https://ps256.example' }),
    'ERR_TOKEN_ALGORITHM',
  ],
  [
    "another resource's token",
    await issuer.getToken({ resource: 'https://other.example' }),
    'ERR_CLAIM_AUDIENCE',
  ],
]
const reader = await issuer.getToken({ resource: 'https://es256.example', scope: 'read' })

for (const [api, { gateway: name, refused }] of Object.entries(APIS)) {
  describe(api, () => {
    for (const [alg, token] of Object.entries(GOOD_TOKENS)) {
      test(`passes exactly the claims of a token with ${alg} to the handler`, async () => {
        const { status, claims } = await gateway.call(api, { route: 'admin', token })

        assert.equal(status, 200)
        assert.deepEqual(decodeHeader(token), { typ: 'at+jwt', alg, kid: alg })
        assert.deepEqual(claims, decodeClaims(token))
      })
    }

    for (const [what, token, code] of BAD_TOKENS) {
      test(`rejects ${what}`, async () => {
        const { status, events } = await gateway.call(api, { route: 'profile', token })

        assert.equal(status, refused)
        assert.deepEqual(events, [{ type: 'authorizer.refused', gateway: name, code }])
      })
    }

    test('denies a token with too few scopes', async () => {
      const { status, events } = await gateway.call(api, { route: 'admin', token: reader })

      assert.equal(status, 403)
      assert.deepEqual(events, [
        { type: 'authorizer.refused', gateway: name, code: 'ERR_ACCESS_SCOPE' },
      ])
    })
  })
}
