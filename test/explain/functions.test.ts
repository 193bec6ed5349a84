/**
 * A function of the user fails: the explanation says which one, and what it has thrown. That says nothing about the token.
 */

import express, { type RequestHandler } from 'express'
import { cognito, createVerifier, TokenError, type Verifier } from 'jwt-gate'
import { type ExplainerOptions, explainer } from 'jwt-gate/explain'
import { authErrorHandler, requireAccess, requireJwt } from 'jwt-gate/express'
import { createAppSyncAuthorizer, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { bearer, serve } from '../support/http.ts'

const issuer = await createTestIssuer()
const { userPoolId, clientId, fetch } = issuer
const trusted = cognito({ userPoolId, clientId, tokenUse: 'access' })
const verifier = createVerifier(trusted, { fetch })
const token = await issuer.accessToken()
const SECRET = token.split('.')[1] as string

function fail(): never {
  throw new TypeError('the profile is not there')
}

function createExplainer(of: Verifier<unknown> = verifier) {
  const printed: string[] = []
  const stream = { write: (text: string) => void printed.push(text) }
  const options: ExplainerOptions = { env: {}, color: false, stream }
  return { printed, explain: explainer(of, options) }
}

const textOf = (option: string): string =>
  `1. Your function "${option}" has failed\n   It has thrown TypeError: the profile is not there. That says nothing about the token`

describe.each<[string, (options: object) => (event: object) => Promise<unknown>, object, string[]]>(
  [
    [
      'createAuthorizer',
      (options) => createAuthorizer(verifier, options) as never,
      createAuthorizerEvent('rest-request', { token }),
      ['context', 'principalId', 'usageIdentifierKey'],
    ],
    [
      'createAppSyncAuthorizer',
      (options) => createAppSyncAuthorizer(verifier, options),
      createAuthorizerEvent('appsync-graphql', { token }),
      ['context', 'deniedFields'],
    ],
  ],
)('%s', (_, create, event, names) => {
  test.each(names)('names "%s" where it fails', async (option) => {
    const { printed, explain } = createExplainer()
    const events: unknown[] = []
    const onEvent = (one: unknown) => events.push(one)

    const outcome = create({ [option]: fail, explain, onEvent })(event)

    await expect(outcome).rejects.toThrow('The authorizer could not decide (ERR_CONFIG_INVALID)')
    expect(events).toMatchObject([
      {
        type: 'authorizer.failed',
        error: { message: `"${option}" failed`, cause: { name: 'TypeError' } },
      },
    ])
    expect(printed).toHaveLength(1)
    expect(printed[0]).toContain(textOf(option))
    expect(printed[0]).toMatch(/^undecided ERR_CONFIG_INVALID/)
    expect(printed[0]).not.toContain(SECRET)
  })

  test.each(names)('takes an error of the library as it is from "%s"', async (option) => {
    const events: unknown[] = []
    const reject = () => {
      throw new TokenError('ERR_TOKEN_CHECK')
    }

    await create({ [option]: reject, onEvent: (one: unknown) => events.push(one) })(event).catch(
      () => undefined,
    )

    expect(events).toMatchObject([
      { type: 'authorizer.refused', error: { code: 'ERR_TOKEN_CHECK' } },
    ])
  })

  test('explains an event of another service', async () => {
    const { printed, explain } = createExplainer()

    await create({ explain })({ Records: [] }).catch(() => undefined)

    expect(printed).toHaveLength(1)
    expect(printed[0]).toContain(
      '1. The configuration is wrong, or a function in it fails\n   The event',
    )
  })
})

describe('Express', () => {
  async function ask(guards: RequestHandler[], of: Verifier<unknown> = verifier) {
    const { printed, explain } = createExplainer(of)
    const app = express().set('env', 'test')
    app.get('/', ...guards, (_req, res) => void res.send('passed'))
    const { status } = await (await serve(app.use(authErrorHandler({ explain, onError: null }))))(
      '/',
      bearer(token),
    )
    await expect.poll(() => printed.length).toBe(1)
    return { status, text: printed[0] }
  }

  test('names "check" of the verifier where it fails', async () => {
    const own = createVerifier(trusted, { fetch, check: fail })

    const { status, text } = await ask([requireJwt(own)], own)

    expect(status).toBe(500)
    expect(text).toContain(textOf('check'))
    expect(text).toContain('To reject a token, return false')
  })

  test('names "check" of an access rule where it fails', async () => {
    const { status, text } = await ask([requireJwt(verifier), requireAccess({ check: fail })])

    expect(status).toBe(403)
    expect(text).toContain(
      '1. The "check" of the access rule has failed\n   It has thrown TypeError: the profile is not there',
    )
  })
})

test('says what a wrapper of the verifier has thrown, though the token is good', async () => {
  const { printed, explain } = createExplainer()
  const handler = createAuthorizer({ ...verifier, verify: fail }, { explain })

  await handler(createAuthorizerEvent('rest-request', { token })).catch(() => undefined)

  expect(printed).toHaveLength(1)
  expect(printed[0]).toMatch(/^undecided/)
  expect(printed[0]).toContain(
    '1. An error was thrown that is not of jwt-gate\n   TypeError: the profile is not there. A function in the configuration (getToken,',
  )
})
