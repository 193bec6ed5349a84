/**
 * Anybody can send any text. None may look like a mistake in a set-up that is right: a 500 that says so sends the developer to
 * fix what is not broken, and wakes who watches `authorizer.failed`.
 */
import { type AuthorizerEvent, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createBound } from '../verify/support/bound.ts'

const CONFIG = 'failed ERR_CONFIG_INVALID'

/** What API Gateway gets, and what `onEvent` is called with. */
async function ask(
  create: (onEvent: (event: AuthorizerEvent) => void) => (event: unknown) => Promise<unknown>,
  event: unknown,
): Promise<{ got: unknown; reported: string[] }> {
  const reported: string[] = []
  const handler = create((one) => {
    const { code } = (one as { error: { code: string } }).error
    reported.push(`${one.type.replace('authorizer.', '')} ${code}`)
  })
  const got = await handler(event).catch((error: Error) => error.message)
  return { got, reported }
}

describe('an authorizer of the type TOKEN', async () => {
  const { verifier, issuer, token: bound } = await createBound()
  const plain = await issuer.accessToken()

  const send = (authorizationToken: string) =>
    ask((onEvent) => createAuthorizer(verifier, { onEvent }), {
      ...createAuthorizerEvent('rest-token'),
      authorizationToken,
    })

  test.each([
    ['a forged token', 'a.b.c', 'ERR_TOKEN_MALFORMED'],
    ['a token with another signature', `${bound.slice(0, -8)}AAAAAAAA`, 'ERR_TOKEN_SIGNATURE'],
    ['a token that is not bound', plain, 'ERR_CLAIM_MISSING'],
  ])('responds with 401 to %s under DPoP', async (_, token, code) => {
    expect(await send(`DPoP ${token}`)).toEqual({
      got: 'Unauthorized',
      reported: [`refused ${code}`],
    })
  })

  test('control: only a verified token that is bound shows a mistake in the set-up', async () => {
    expect(await send(`DPoP ${bound}`)).toEqual({
      got: 'The authorizer could not decide (ERR_CONFIG_INVALID)',
      reported: [CONFIG],
    })
    expect(await send(`Bearer ${bound}`)).toMatchObject({ got: 'Unauthorized' })
    expect(await send(`Bearer ${plain}`)).toMatchObject({ reported: [] })
  })
})
