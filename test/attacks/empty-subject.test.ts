/**
 * An empty `sub` is accepted and counts as absent. It must never take the place of a subject where one is asked for.
 */
import { createVerifier } from 'jwt-gate'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { claimsOf, now, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const token = await issuer.token({ ...claimsOf(issuer), sub: '' })
const MISSING = { code: 'ERR_CLAIM_MISSING', claim: 'sub', reason: 'missing' }

test('the control: it is accepted where nobody asks for a subject', async () => {
  const { claims } = await createVerifier(trust(issuer), { now }).verify(token)

  expect(claims).toMatchObject({ sub: '' })
})

describe('an empty sub', () => {
  test('is not a required claim', async () => {
    const verifier = createVerifier(trust(issuer, { requiredClaims: ['sub'] }), { now })

    await expect(verifier.verify(token)).rejects.toMatchObject(MISSING)
    expect(() => verifier.verifySync(token)).toThrow(expect.objectContaining(MISSING))
  })

  test('is not the subject that the profile of RFC 9068 requires', async () => {
    const verifier = createVerifier(trust(issuer, { tokenType: 'at+jwt' }), { now })
    const claims = { ...claimsOf(issuer), iat: 1, jti: 'j', client_id: 'c', sub: '' }
    const typed = await issuer.token(claims, { header: { typ: 'at+jwt' } })

    await expect(verifier.verify(typed)).rejects.toMatchObject(MISSING)
  })

  test('is not the principal of an authorizer', async () => {
    const handler = createAuthorizer(createVerifier(trust(issuer), { now }))
    const named = await issuer.token({ ...claimsOf(issuer), sub: '', client_id: 'service' })
    const answer = await handler(createAuthorizerEvent('rest-request', { token: named }))

    expect(answer.principalId).toBe('service')
    await expect(
      handler(createAuthorizerEvent('rest-request', { token: withoutClient })),
    ).rejects.toThrow('could not decide')
  })

  test.each([' ', '\u0000', '0'])('differs from %j, which names somebody', async (sub) => {
    const verifier = createVerifier(trust(issuer, { requiredClaims: ['sub'] }), { now })
    const other = await issuer.token({ ...claimsOf(issuer), sub })

    await expect(verifier.verify(other)).resolves.toBeDefined()
  })

  test.each([[[]], [['']], [{}], [null], [0], [false]])(
    'is a text: %j is still of the wrong type',
    async (sub) => {
      const verifier = createVerifier(trust(issuer), { now })
      const other = await issuer.token({ ...claimsOf(issuer), sub })

      await expect(verifier.verify(other)).rejects.toMatchObject({ code: 'ERR_CLAIM_INVALID' })
    },
  )

  test.each(['client_id', 'jti'])('does not make an empty %s acceptable', async (claim) => {
    const verifier = createVerifier(trust(issuer), { now })
    const other = await issuer.token({ ...claimsOf(issuer), [claim]: '' })

    await expect(verifier.verify(other)).rejects.toMatchObject({ code: 'ERR_CLAIM_INVALID', claim })
  })
})

const withoutClient = await issuer.token({
  ...claimsOf(issuer),
  sub: '',
  client_id: undefined,
  azp: undefined,
})
