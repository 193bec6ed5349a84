/**
 * Route maps of WebSocket APIs: the only route with an authorizer.
 */
import type { CognitoAccessClaims } from 'jwt-gate'
import { type AuthorizerOptions, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { readStageAccess } from '../../../src/lambda-authorizer/access/access-map.ts'
import { createTestVerifier, now, policy, routed } from '../setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createTestVerifier(issuer)
const reader = await issuer.machineToken({ scope: 'read' })
const API = 'arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod'

type Options = AuthorizerOptions<CognitoAccessClaims, 'policy'>

describe('a WebSocket API', () => {
  const connect = (options: Options) =>
    createAuthorizer(verifier, options)(createAuthorizerEvent('websocket', { token: reader }))

  test('has only the route $connect', async () => {
    const { policyDocument } = await connect({ access: { $connect: { scopes: ['read'] } } })

    expect(policyDocument).toEqual(policy('Allow', `${API}/$connect`))
  })

  test.each<[string, Options['access']]>([
    ['a rule that rejects the token', { $connect: { scopes: ['write'] } }],
    ['a map without the route', { $default: {} }],
  ])('is denied by %s', async (_title, map) => {
    const { policyDocument } = await connect({ access: map })

    expect(policyDocument).toEqual(policy('Deny', `${API}/*`))
  })

  test.each(['$connect/x', '$connect/', '$/connect', 'GET/$connect', 'GET', ''])(
    'does not apply the rule of $connect to %j',
    async (request) => {
      const verified = await verifier.verify(reader)
      const map = readStageAccess({ $connect: {} }, true)

      expect(() => map.assertAllowed(verified, routed('$connect'))).not.toThrow()
      expect(() => map.assertAllowed(verified, routed(request))).toThrow(
        expect.objectContaining({ code: 'ERR_ACCESS_DENIED' }),
      )
    },
  )
})
