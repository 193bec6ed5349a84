/**
 * Rules for the authentication of the user in route maps (RFC 9470): a Deny, because API Gateway sends no challenge.
 */
import { type AccessRule, createVerifier } from 'jwt-gate'
import { type AuthorizerEvent, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createClock } from '../../verify/support/clock.ts'
import { toIamDecision } from '../iam.ts'

const clock = createClock()
const issuer = await createTestIssuer({ now: clock.now })
const trusted = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }
const access = {
  'GET /profile': {},
  'POST /orders': { acr: ['mfa'] },
  'POST /payments': { acr: ['mfa'], maxAuthAgeSeconds: 300 },
  'POST /refunds': { maxAuthAgeSeconds: 600 },
}

/** The routes of the map that the policy for a token allows. */
async function allowedFor(
  claims: object,
  { now = clock.now, map = access as Readonly<Record<string, AccessRule>> } = {},
): Promise<string[]> {
  const handler = createAuthorizer(createVerifier(trusted, { now }), { access: map })
  const exp = clock.seconds() + 10_000
  const token = await issuer.token({ iss: issuer.issuer, sub: 'alice', exp, ...claims })
  const event = createAuthorizerEvent('rest-request', {
    token,
    method: 'GET',
    path: '/profile',
    resource: '/profile',
  })
  const { policyDocument } = await handler(event)
  const isAllowed = toIamDecision(policyDocument.Statement as never)
  const start = (event as { methodArn: string }).methodArn.replace(/GET\/profile$/, '')
  return Object.keys(map).filter((key) => isAllowed(start + key.replace(' /', '/')))
}

test.each<[object, string[]]>([
  [{}, []],
  [{ acr: 'pwd', auth_time: -1_000 }, []],
  [{ acr: 'mfa' }, ['POST /orders']],
  [{ acr: 'mfa', auth_time: -1_000 }, ['POST /orders']],
  [{ acr: 'mfa', auth_time: -400 }, ['POST /orders', 'POST /refunds']],
  [{ acr: 'mfa', auth_time: -100 }, ['POST /orders', 'POST /payments', 'POST /refunds']],
  [{ acr: 'pwd', auth_time: -100 }, ['POST /refunds']],
])(
  'a token with %j may also use %j',
  async ({ auth_time, ...claims }: { auth_time?: number }, routes) => {
    const at = auth_time === undefined ? {} : { auth_time: clock.seconds() + auth_time }

    expect(await allowedFor({ ...claims, ...at })).toEqual(['GET /profile', ...routes])
  },
)

test('all rules of a map are checked at one time, so that none fails that another implies', async () => {
  const rule = { maxAuthAgeSeconds: 300 }
  const same = { 'GET /profile': rule, 'GET /a': rule, 'GET /b': rule, 'GET /c': rule }
  const outcomes = new Set<string>()
  for (let due = 0; due < 10; due++) {
    let reads = 0
    // the time is up after some reads of the clock
    const ticking = () => clock.now() + (reads++ < due ? 0 : 1_000)
    const claims = { auth_time: clock.seconds() - 300 }
    outcomes.add((await allowedFor(claims, { now: ticking, map: same })).join())
  }

  expect([...outcomes]).toEqual(['', Object.keys(same).join()])
})

describe('the request itself is denied, and the event says why', () => {
  test.each(['http-2.0', 'rest-request'] as const)('%s', async (gateway) => {
    const events: AuthorizerEvent[] = []
    const handler = createAuthorizer(createVerifier(trusted, { now: clock.now }), {
      access,
      policy: 'request',
      onEvent: (event) => events.push(event),
    })
    const exp = clock.seconds() + 100
    const token = await issuer.token({ iss: issuer.issuer, sub: 'alice', exp, acr: 'pwd' })
    const path = { method: 'POST', path: '/orders', resource: '/orders' }

    const answer = await handler(createAuthorizerEvent(gateway, { token, ...path }))

    expect(JSON.stringify(answer.policyDocument)).toContain('"Deny"')
    expect(events).toEqual([
      expect.objectContaining({
        type: 'authorizer.refused',
        error: expect.objectContaining({ code: 'ERR_ACCESS_AUTHENTICATION', claim: 'acr' }),
      }),
    ])
  })
})
