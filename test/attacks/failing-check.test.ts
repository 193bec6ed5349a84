/**
 * A `check` that fails is a failure of the service. It must let nobody in, and whatever it throws must not decide the response.
 */
import { createVerifier, TokenError, type VerifierOptions } from 'jwt-gate'
import { authErrorHandler, requireJwt } from 'jwt-gate/express'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test, vi } from 'vitest'
import { EXPRESS_VERSIONS } from '../support/express-versions.ts'
import { bearer, serve } from '../support/http.ts'
import { claimsOf, now, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const token = await issuer.token(claimsOf(issuer))
const create = (check: () => unknown) =>
  createVerifier(trust(issuer), { now, check: check as NonNullable<VerifierOptions['check']> })

/** An error as HTTP clients and database drivers throw it. */
const failure = (members: object) => Object.assign(new Error('connect ECONNREFUSED'), members)
const FAILURES: readonly (readonly [string, object])[] = [
  ['an error', failure({ code: 'ECONNREFUSED' })],
  ['an error with the status of a rejection', failure({ status: 401, statusCode: 401 })],
  ['an error with the status of a success', failure({ status: 200, statusCode: 200 })],
  ['an error that may be exposed', failure({ status: 403, expose: true, headers: { 'x-y': 'z' } })],
  ['an error with a code of this library', failure({ code: 'ERR_TOKEN_MISSING', status: 401 })],
  ['an error with the name of a rejection', failure({ name: 'TokenError', reason: 'missing' })],
]

describe.each(FAILURES)('%s', (_, thrown) => {
  test.each([
    ['at once', () => create(() => fail(thrown))],
    ['later', () => create(async () => fail(thrown))],
  ])('thrown %s is no verdict on the token', async (_when, make) => {
    const outcome: unknown = await make()
      .verify(token)
      .catch((error: unknown) => error)

    expect(outcome).toMatchObject({ code: 'ERR_CONFIG_INVALID', status: 500, cause: thrown })
  })

  test.each(
    EXPRESS_VERSIONS.flatMap(([version, express]) =>
      ([false, 'missing', 'missing-or-invalid'] as const).map(
        (optional) => [version, optional, express] as const,
      ),
    ),
  )('lets nobody in on %s with optional %s', async (_version, optional, express) => {
    const verifier = create(() => fail(thrown))
    const app = express().use(requireJwt(verifier, { optional }))
    const reached = vi.fn((_req, res) => res.send('in'))
    const ask = await serve(app.use(reached).use(authErrorHandler()))

    const { status, headers } = await ask('/', bearer(token))

    expect(status).toBe(500)
    expect(headers['www-authenticate']).toBeUndefined()
    expect(headers['x-y']).toBeUndefined()
    expect(reached).not.toHaveBeenCalled()
  })

  test.each(['rest-request', 'rest-token', 'http-2.0', 'websocket'] as const)(
    'neither denies nor allows on %s, so that API Gateway caches nothing',
    async (gateway) => {
      const events: unknown[] = []
      const onEvent = (event: unknown): unknown => events.push(event)
      const handler = createAuthorizer(
        create(() => fail(thrown)),
        { onEvent },
      )

      const outcome = handler(createAuthorizerEvent(gateway, { token }))

      await expect(outcome).rejects.toThrow('could not decide (ERR_CONFIG_INVALID)')
      expect(events).toMatchObject([{ type: 'authorizer.failed' }])
      expect(JSON.stringify(events)).toContain('connect ECONNREFUSED')
    },
  )
})

test('the control: an error of this library and false are verdicts', async () => {
  const refused = new TokenError('ERR_TOKEN_CHECK')

  await expect(create(() => fail(refused)).verify(token)).rejects.toBe(refused)
  await expect(create(() => false).verify(token)).rejects.toMatchObject({ status: 401 })
})

function fail(thrown: unknown): never {
  throw thrown
}
