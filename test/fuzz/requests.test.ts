/**
 * `Authorization` headers and Lambda events of any shape: nothing is allowed without a valid token, and errors have fixed
 * messages.
 */
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { Request, Response } from 'express'
import fc from 'fast-check'
import { createVerifier, isJwtGateError } from 'jwt-gate'
import { type HttpErrorMembers, requireJwt } from 'jwt-gate/express'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { fuzz, TIMEOUT_MS } from './fuzz.ts'
import { anyText, anyToken, changed, corrupted } from './inputs.ts'

const issuer = await createTestIssuer()
const { issuer: iss, jwks } = issuer
const verifier = createVerifier({ issuer: iss, audience: 'api', jwks })
const claims = { iss, aud: 'api', sub: 'alice', exp: 4_000_000_000 }
const good = await issuer.token(claims)
const BAD = [
  await issuer.token({ ...claims, exp: 1 }),
  await issuer.token({ ...claims, aud: 'other' }),
  await issuer.token(claims, { header: { alg: 'none' }, sign: () => '' }),
]
const badToken = fc.oneof(anyToken, fc.constantFrom(...BAD, ''))
const middleware = requireJwt(verifier)
const SAFE_HEADER = /^Bearer(?: [a-z_]+="[\x20\x21\x23-\x5b\x5d-\x7e]*",?)+$/

/** The outcome of a request in the middleware: `'passed'`, or the code of the error, whose headers must be valid. */
async function sayOfHeaders(values: readonly string[]): Promise<string> {
  const req = new IncomingMessage(new Socket())
  req.rawHeaders = values.flatMap((value) => ['Authorization', value])
  if (values[0] !== undefined) req.headers.authorization = values[0]
  const error: unknown = await new Promise((resolve) => {
    void middleware(req as Request, {} as Response, resolve)
  })
  if (error === undefined) return 'passed'
  if (!isJwtGateError(error)) throw error
  const { headers } = error as unknown as HttpErrorMembers
  expect(headers['WWW-Authenticate']).toMatch(SAFE_HEADER)
  return error.code
}

test('the control: a good header, and a good event of each kind, are accepted', async () => {
  expect(await sayOfHeaders([`Bearer ${good}`])).toBe('passed')
  for (const event of toEvents(good)) expect(await sayOfEvent(event)).toBe('Allow')
})

test(
  'no random header is accepted without a valid token',
  () => {
    const scheme = fc.constantFrom('Bearer', 'bearer', 'Basic', 'DPoP', 'Bearer Bearer', '')
    const gap = fc.constantFrom(' ', '  ', '', '\t', ',', '=', ': ')
    const value = fc
      .oneof(
        anyText,
        fc
          .tuple(scheme, gap, badToken, fc.constantFrom('', ' ', ', x', '=', ` ${good}`))
          .map((all) => all.join('')),
        changed([`Bearer ${good}`]),
      )
      .filter((text) => !(text.endsWith(good) && /^bearer +[^ ]+$/i.test(text)))
    const inputs = fc.array(value, { maxLength: 2 })
    return fuzz('headers', { inputs, short: 400 }, async (values) => {
      const said = await sayOfHeaders(values)
      expect(said).not.toBe('passed')
      return said
    })
  },
  TIMEOUT_MS,
)

const GATEWAYS = ['rest-request', 'rest-token', 'http-1.0', 'http-2.0', 'websocket'] as const
const handlers = {
  policy: createAuthorizer(verifier),
  map: createAuthorizer(verifier, { access: { 'GET /a': {}, $connect: {} } }),
  anywhere: createAuthorizer(verifier, { token: { header: 'X', cookie: 'token', query: 'token' } }),
}

function toEvents(token: string): object[] {
  return GATEWAYS.map((gateway) => createAuthorizerEvent(gateway, { token, path: '/a' }))
}

/** `'Allow'`, `'Deny'`, or the message of the error. */
async function sayOfEvent(event: unknown, handler = handlers.policy): Promise<string> {
  return handler(event).then(
    ({ policyDocument }) => policyDocument.Statement.map(({ Effect }) => Effect).join(),
    (error: Error) => error.message,
  )
}

test(
  'no event with a bad token and random members is allowed',
  () => {
    const event = fc.constantFrom(...BAD).chain((token) =>
      fc.oneof(
        ...toEvents(token).map((one) => corrupted(one)),
        corrupted(
          createAuthorizerEvent('rest-request', {
            query: { token },
            cookies: [`token=${token}`],
          }),
        ),
        fc.jsonValue(),
      ),
    )
    const inputs = fc.tuple(event, fc.constantFrom(...Object.values(handlers)))
    return fuzz('events', { inputs, short: 300 }, async ([one, handler]) => {
      const said = await sayOfEvent(one, handler)
      expect(said).toMatch(
        /^(Deny|Unauthorized|The authorizer could not decide \(ERR_CONFIG_INVALID\))$/,
      )
      return said
    })
  },
  TIMEOUT_MS,
)

test(
  'an event with a good token and random members allows only the API of the event',
  () => {
    const inputs = fc.oneof(...toEvents(good).map((one) => corrupted(one)))
    return fuzz('good events', { inputs, short: 150 }, async (one) => {
      const said = await sayOfEvent(one)
      if (said !== 'Allow') {
        expect(said).toMatch(
          /^(Deny|Unauthorized|The authorizer could not decide \(ERR_CONFIG_INVALID\))$/,
        )
        return said
      }
      const { policyDocument } = await handlers.policy(one)
      const { methodArn, routeArn } = one as Record<string, string>
      const resource = String(policyDocument.Statement[0]?.Resource)
      expect(resource).toMatch(/^[^*]+\/\*$/)
      expect(
        [methodArn, routeArn].some((arn) => String(arn).startsWith(resource.slice(0, -1))),
      ).toBe(true)
      return said
    })
  },
  TIMEOUT_MS,
)
