/**
 * No response includes anything of a token or of an issuer's keys: neither Express's own, nor that of `authErrorHandler`, nor
 * that of an authorizer. Nor does any event, nor anything that is published on a channel.
 */
import { cognito, createVerifier, type VerifierEvent } from 'jwt-gate'
import { authErrorHandler, requireAccess, requireJwt } from 'jwt-gate/express'
import { type AuthorizerEvent, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import {
  createAuthorizerEvent,
  createTestIssuer,
  type TestFailure,
  type TestKey,
} from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { recordAll } from '../support/channels.ts'
import { EXPRESS_VERSIONS, type Express } from '../support/express-versions.ts'
import { serve } from '../support/http.ts'
import { everythingOf, expectNothingOf, MARK, markedClaims, mint, secretsOf } from './marks.ts'

const NOW = 1_800_000_000
const now = () => NOW * 1_000
const issuer = await createTestIssuer({ now })
const { userPoolId, clientId } = issuer
const good = {
  ...markedClaims(issuer, NOW + 60),
  ...{ token_use: 'access', client_id: clientId },
}
const [, second] = issuer.keys as [TestKey, TestKey]

/** Marked tokens, by what is wrong with them, and one that is good and has no access here. */
const TOKENS: [string, () => Promise<string>][] = [
  ['malformed', async () => `${await mint(issuer, good)}~${MARK}`],
  ['signed with an unknown algorithm', () => mint(issuer, good, { alg: MARK })],
  ['of another type', () => mint(issuer, good, { typ: MARK })],
  ['in need of an unknown extension', () => mint(issuer, good, { crit: [MARK] })],
  ['signed with an unknown key', () => mint(issuer, good, { kid: MARK })],
  ['forged', () => mint(issuer, good, { kid: second.kid })],
  ['expired', () => mint(issuer, { ...good, exp: 1 })],
  ['from another issuer', () => mint(issuer, { ...good, iss: `https://${MARK}.example` })],
  ['for another client', () => mint(issuer, { ...good, client_id: MARK })],
  ['of another kind', () => mint(issuer, { ...good, token_use: MARK })],
  ['bound to a key', () => mint(issuer, { ...good, cnf: { jkt: MARK } })],
  ['good, without access', () => mint(issuer, good)],
]
const FAILURES: TestFailure[] = ['down', 'garbage', 'empty']
type Case = [title: string, mint: () => Promise<string>, failure: TestFailure | null]
const CASES: Case[] = [
  ...TOKENS.map(([what, mintOne]): Case => [`a token that is ${what}`, mintOne, null]),
  ...FAILURES.map(
    (failure): Case => [
      `a token while the issuer is ${failure}`,
      () => mint(issuer, good),
      failure,
    ],
  ),
]

const createPool = (events: VerifierEvent[] = []) =>
  createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access' }), {
    now,
    fetch: issuer.fetch,
    onEvent: (event) => events.push(event),
  })

/** The complete response to a client, the events, and what is printed. */
async function answerOf(express: Express, isHandled: boolean, token: string): Promise<string> {
  const told: unknown[] = []
  const record = (one: unknown) => void told.push(one)
  const app = express()
  const guard = requireJwt(createPool(), { onEvent: record })
  app.use(guard, requireAccess({ scopes: ['admin'] }))
  app.get('/', (_req, res) => void res.send('passed'))
  if (isHandled) app.use(authErrorHandler({ onError: record }))
  // Express's own handler would print the stack to the console
  app.set('env', isHandled ? 'development' : 'test')
  const ask = await serve(app)
  const { status, headers, body } = await ask('/', {
    headers: { authorization: `Bearer ${token}` },
  })
  expect(status).toBeGreaterThanOrEqual(400)
  expect(told.length).toBe(isHandled && status >= 500 ? 2 : 1)
  return JSON.stringify(headers) + body + everythingOf(told)
}

describe.each(CASES)('%s', (_, mintOne, failure) => {
  test.each(EXPRESS_VERSIONS)('is in no response of %s', async (_name, express) => {
    issuer.fail(failure)
    const token = await mintOne()

    const answers: string[] = []
    const published = await recordAll(async () => {
      for (const isHandled of [true, false]) answers.push(await answerOf(express, isHandled, token))
    })

    issuer.fail(null)
    // each of the two requests, and its verification
    expect(published.length).toBeGreaterThanOrEqual(4)
    const said = answers.join('') + published.map(everythingOf).join('')
    expectNothingOf([...secretsOf(token), second.kid], said)
  })

  test.each(['rest-request', 'rest-token', 'http-1.0', 'http-2.0', 'websocket'] as const)(
    'appears in no result and no event of the authorizer of %s',
    async (gateway) => {
      issuer.fail(failure)
      const told: (AuthorizerEvent | VerifierEvent)[] = []
      const onEvent = (event: AuthorizerEvent) => void told.push(event)
      const access = { 'GET /': { scopes: ['admin'] }, $connect: { scopes: ['admin'] } }
      const handler = createAuthorizer(createPool(told as VerifierEvent[]), { access, onEvent })
      const token = await mintOne()

      let outcome: unknown
      const published = await recordAll(async () => {
        outcome = await handler(createAuthorizerEvent(gateway, { token })).catch(
          (error: unknown) => error,
        )
      })

      issuer.fail(null)
      expect(told.length).toBeGreaterThan(0)
      expect(published.length).toBeGreaterThan(told.length)
      const { context, principalId, ...rest } = outcome as Record<string, unknown>
      const isRefused = outcome instanceof Error || context === undefined
      const said =
        everythingOf(isRefused ? outcome : rest) + everythingOf(told) + everythingOf(published)
      expectNothingOf([...secretsOf(token), second.kid], said)
    },
  )
})

test('a context includes claims, and neither the header nor the signature of the token', async () => {
  const token = await mint(issuer, good)
  const [header = '', , signature = ''] = token.split('.')

  const result = await createAuthorizer(createPool())(
    createAuthorizerEvent('rest-request', { token }),
  )

  expect(everythingOf(result.context)).toContain(MARK)
  // `jwt` is the JSON of the claims in base64url, and so is the payload; both it and the header have the mark
  expect(everythingOf(result)).not.toContain(header)
  expectNothingOf([signature], everythingOf(result))
})

test('a request and its verified token include no part of the token', async () => {
  const token = await mint(issuer, good)
  const [header = '', payload = '', signature = ''] = token.split('.')

  const verified = await createPool().verify(token)

  expectNothingOf([header, payload, signature], everythingOf(verified))
})
