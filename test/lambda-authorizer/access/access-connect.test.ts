/**
 * Route maps of WebSocket APIs: the one route that has an authorizer.
 */
import type { CognitoAccessClaims } from 'jwt-gate'
import { type AuthorizerOptions, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { readStageAccess } from '../../../src/lambda-authorizer/access/access-map.ts'
import { ask, createTestVerifier, now, policy } from '../setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createTestVerifier(issuer)
const reader = await issuer.machineToken({ scope: 'read' })
const API = 'arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod'

type Options = AuthorizerOptions<CognitoAccessClaims, 'policy'>

describe('a WebSocket API', () => {
  const connect = (options: Options) =>
    createAuthorizer(verifier, options)(createAuthorizerEvent('websocket', { token: reader }))

  test('has the one route $connect', async () => {
    const { policyDocument } = await connect({ access: { $connect: { scopes: ['read'] } } })

    expect(policyDocument).toEqual(policy('Allow', `${API}/$connect`))
  })

  test.each<[string, Options['access']]>([
    ['a rule that says no', { $connect: { scopes: ['write'] } }],
    ['no such route', { $default: {} }],
  ])('is denied by %s', async (_title, map) => {
    const { policyDocument } = await connect({ access: map })

    expect(policyDocument).toEqual(policy('Deny', `${API}/*`))
  })

  test.each(['$connect/x', '$connect/', '$/connect', 'GET/$connect', 'GET', ''])(
    'has no rule for %j under that of $connect',
    async (request) => {
      const verified = await verifier.verify(reader)
      const map = readStageAccess({ $connect: {} }, true)

      expect(() => map.assertAllowed(verified, ask('$connect'))).not.toThrow()
      expect(() => map.assertAllowed(verified, ask(request))).toThrow(
        expect.objectContaining({ code: 'ERR_ACCESS_DENIED' }),
      )
    },
  )
})
