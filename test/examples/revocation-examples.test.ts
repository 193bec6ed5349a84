/**
 * The examples of examples/revocation: each recipe by its Express route and by its handler, over real HTTP, with what must not
 * revoke anything.
 */
import { createHmac } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { describe, expect, test } from 'vitest'
import {
  app as logoutApp,
  handler as logoutHandler,
} from '../../examples/revocation/back-channel-logout.ts'
import {
  app as cognitoApp,
  onDeletedClient,
  onNewPassword,
} from '../../examples/revocation/cognito.ts'
import {
  handler as eventHandler,
  app as eventsApp,
} from '../../examples/revocation/security-events.ts'
import { issuer, now, revocations } from '../../examples/revocation/setup.ts'
import { serve } from '../support/http.ts'

let count = 0
/** A user that no other test has. */
const newUser = () => ({
  sub: `user-${count++}`,
  origin_jti: `sign-in-${count}`,
  sid: `s-${count}`,
})

async function statusOf(token: string): Promise<number> {
  const ask = await serve(cognitoApp as RequestListener)
  return (await ask('/profile', { headers: { authorization: `Bearer ${token}` } })).status
}

async function post(app: RequestListener, path: string, headers: object, body = '') {
  const ask = await serve(app)
  return ask(path, { method: 'POST', headers: headers as Record<string, string>, body })
}

describe('Cognito', () => {
  const app = cognitoApp as RequestListener
  const send = (path: string, token: string) =>
    post(app, path, { authorization: `Bearer ${token}` })

  test('a sign-out ends the tokens of this sign-in, and of no other', async () => {
    const user = newUser()
    const [token, same, other] = await Promise.all([
      issuer.accessToken(user),
      issuer.accessToken(user),
      issuer.accessToken({ ...user, origin_jti: 'another' }),
    ])

    expect((await send('/sign-out', token)).status).toBe(204)
    expect([await statusOf(token), await statusOf(same), await statusOf(other)]).toEqual([
      401, 401, 200,
    ])
  })

  test('a sign-out everywhere ends all tokens of the user, but not those of a later sign-in', async () => {
    const user = newUser()
    const token = await issuer.accessToken(user)
    const other = await issuer.accessToken({ ...user, origin_jti: 'another' })
    const later = await issuer.accessToken({ ...user, origin_jti: 'later', iat: now() + 2 })

    expect((await send('/sign-out-everywhere', token)).status).toBe(204)
    expect([await statusOf(token), await statusOf(other), await statusOf(later)]).toEqual([
      401, 401, 200,
    ])
    expect(await statusOf(await issuer.accessToken(newUser()))).toBe(200)
  })

  test('a new password ends all tokens of the user', async () => {
    const user = newUser()
    const token = await issuer.accessToken(user)
    const event = {
      triggerSource: 'PostConfirmation_ConfirmSignUp',
      request: { userAttributes: user },
    }

    expect(await onNewPassword(event)).toBe(event)
    expect(await statusOf(token)).toBe(200)
    await onNewPassword({ ...event, triggerSource: 'PostConfirmation_ConfirmForgotPassword' })
    expect(await statusOf(token)).toBe(401)
  })

  test('a deleted app client ends its tokens, and those of no other client or pool', async () => {
    const { userPoolId, clientId } = issuer
    const token = await issuer.accessToken(newUser())
    const send = (eventName: string, requestParameters: { userPoolId: string; clientId: string }) =>
      onDeletedClient({ detail: { eventName, requestParameters } })

    await send('DeleteUserPoolClient', { userPoolId, clientId: 'another-client' })
    await send('DeleteUserPoolClient', { userPoolId: 'eu-west-1_Other0000', clientId })
    await send('UpdateUserPoolClient', { userPoolId, clientId })
    expect(await statusOf(token)).toBe(200)

    await send('DeleteUserPoolClient', { userPoolId, clientId })
    expect(await statusOf(token)).toBe(401)
    await revocations.restore({ issuer: issuer.issuer, client_id: clientId })
    expect(await statusOf(token)).toBe(200)
  })
})

describe('back-channel logout', () => {
  const LOGOUT = 'http://schemas.openid.net/event/backchannel-logout'
  const mint = (claims: object, header: object = {}) =>
    issuer.token(
      {
        ...{ iss: issuer.issuer, aud: issuer.clientId, iat: now(), exp: now() + 120 },
        ...{ jti: `logout-${count++}`, events: { [LOGOUT]: {} } },
        ...claims,
      },
      { header: { typ: 'logout+jwt', ...header } },
    )
  const routes = {
    'the route': async (body: string) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const { status, headers: sent } = await post(
        logoutApp as RequestListener,
        '/back-channel-logout',
        headers,
        body,
      )
      return [status, sent['cache-control']]
    },
    'the handler': async (body: string) => {
      const { statusCode, headers } = await logoutHandler({
        body: Buffer.from(body).toString('base64'),
        isBase64Encoded: true,
      })
      return [statusCode, headers['Cache-Control']]
    },
  }

  describe.each(Object.entries(routes))('by %s', (_, send) => {
    test('ends a session', async () => {
      const user = newUser()
      const token = await issuer.accessToken(user)
      const other = await issuer.accessToken({ ...user, sid: 'another' })
      const body = `logout_token=${await mint({ sub: user.sub, sid: user.sid })}`

      expect(await send(body)).toEqual([200, 'no-store'])
      expect([await statusOf(token), await statusOf(other)]).toEqual([401, 200])
    })

    test('ends all sessions of a user', async () => {
      const user = newUser()
      const token = await issuer.accessToken(user)

      expect(await send(`logout_token=${await mint({ sub: user.sub })}`)).toEqual([200, 'no-store'])
      expect(await statusOf(token)).toBe(401)
    })

    test.each<[string, object, object?]>([
      ['another typ', {}, { typ: 'JWT' }],
      ['no typ', {}, { typ: undefined }],
      ['a nonce', { nonce: 'x' }],
      ['no events', { events: undefined }],
      ['another event', { events: { other: {} } }],
      ['an event that is no object', { events: { [LOGOUT]: true } }],
      ['an inherited event', { events: [] }],
      ['another audience', { aud: 'another-client' }],
      ['another issuer', { iss: 'https://evil.example' }],
      ['no iat', { iat: undefined }],
      ['an old iat', { iat: now() - 3_600 }],
      ['no jti', { jti: undefined }],
      ['an end in the past', { exp: now() - 60 }],
      ['neither sid nor sub', { sid: undefined, sub: undefined }],
    ])('rejects a logout token with %s', async (_title, claims, header) => {
      const user = newUser()
      const token = await issuer.accessToken(user)
      const body = `logout_token=${await mint({ sub: user.sub, sid: user.sid, ...claims }, header)}`

      expect(await send(body)).toEqual([400, 'no-store'])
      expect(await statusOf(token)).toBe(200)
    })

    test('ignores other values of the form, and succeeds if the session has already ended', async () => {
      const { sub, sid } = newUser()
      const bodies = await Promise.all(
        [1, 2].map(async () => `state=x&logout_token=${await mint({ sub, sid })}&other=`),
      )

      for (const body of bodies) expect(await send(body)).toEqual([200, 'no-store'])
    })

    test('does not say that a logout succeeded which was not carried out', async () => {
      // longer than an entry can be
      const body = `logout_token=${await mint({ sid: 'x'.repeat(3_000) })}`

      expect(await send(body)).toEqual([400, 'no-store'])
    })

    test('rejects an unsigned token, one that is signed by a secret, and an encrypted one', async () => {
      const user = newUser()
      const token = await issuer.accessToken(user)
      const [, claims = ''] = (await mint({ sub: user.sub })).split('.')
      const header = (alg: string, more: object = {}) =>
        Buffer.from(JSON.stringify({ alg, typ: 'logout+jwt', ...more })).toString('base64url')
      const signed = `${header('HS256')}.${claims}`
      const mac = createHmac('sha256', issuer.clientId).update(signed).digest('base64url')

      for (const bad of [
        `${header('none')}.${claims}.`,
        `${signed}.${mac}`,
        `${header('RSA-OAEP', { enc: 'A256GCM' })}.AA.AA.AA.AA`,
      ]) {
        expect(await send(`logout_token=${bad}`)).toEqual([400, 'no-store'])
      }
      expect(await statusOf(token)).toBe(200)
    })

    test('rejects an access token, a forged token, two tokens, none, and a token that was used', async () => {
      const user = newUser()
      const token = await issuer.accessToken({ ...user, aud: issuer.clientId })
      const good = await mint({ sid: 'somebody-else' })

      expect(await send(`logout_token=${token}`)).toEqual([400, 'no-store'])
      expect(await send(`logout_token=${good.slice(0, -8)}AAAAAAAA`)).toEqual([400, 'no-store'])
      expect(await send(`logout_token=${good}&logout_token=${good}`)).toEqual([400, 'no-store'])
      expect(await send('')).toEqual([400, 'no-store'])
      expect(await send(`logout_token=${good}`)).toEqual([200, 'no-store'])
      expect(await send(`logout_token=${good}`)).toEqual([400, 'no-store'])
      expect(await statusOf(await issuer.accessToken(user))).toBe(200)
    })
  })
})

describe('security events', () => {
  const CAEP = 'https://schemas.openid.net/secevent/caep/event-type'
  const subjectOf = ({ sub }: { sub: string }) => ({ format: 'iss_sub', iss: issuer.issuer, sub })
  const mint = (claims: object, header: object = {}) =>
    issuer.token(
      {
        ...{ iss: 'https://transmitter.example', aud: 'https://api.example/events' },
        ...{ iat: now(), jti: `event-${count++}`, ...claims },
      },
      { header: { typ: 'secevent+jwt', ...header } },
    )
  const event = (name: string, more: object = {}) => ({ events: { [`${CAEP}/${name}`]: more } })
  const routes = {
    'the route': async (body: string) => {
      const headers = { 'content-type': 'application/secevent+jwt' }
      return (await post(eventsApp as RequestListener, '/events', headers, body)).status
    },
    'the handler': async (body: string) => (await eventHandler({ body })).statusCode,
  }

  describe.each(Object.entries(routes))('by %s', (_, send) => {
    test('a revoked session ends its tokens', async () => {
      const user = newUser()
      const token = await issuer.accessToken(user)
      const other = await issuer.accessToken({ ...user, sid: 'another' })
      const session = { format: 'opaque', id: user.sid }
      const sub_id = { format: 'complex', user: subjectOf(user), session }

      expect(await send(await mint({ ...event('session-revoked'), sub_id }))).toBe(202)
      expect([await statusOf(token), await statusOf(other)]).toEqual([401, 200])
    })

    test.each(['session-revoked', 'credential-change'])(
      '%s of a user ends the tokens that were issued until then',
      async (name) => {
        const user = newUser()
        const token = await issuer.accessToken(user)
        const later = await issuer.accessToken({ ...user, iat: now() + 3 })
        const more = { event_timestamp: now() + 1 }

        expect(await send(await mint({ ...event(name, more), sub_id: subjectOf(user) }))).toBe(202)
        expect([await statusOf(token), await statusOf(later)]).toEqual([401, 200])
      },
    )

    test('other events, and those about others, revoke nothing', async () => {
      const user = newUser()
      const token = await issuer.accessToken(user)
      const sub_id = subjectOf(user)
      const foreign = { ...sub_id, iss: 'https://other.example' }

      for (const claims of [
        { ...event('token-claims-change'), sub_id },
        { ...event('session-revoked'), sub_id: foreign },
        { ...event('session-revoked'), sub_id: { format: 'email', email: 'a@example.com' } },
        { ...event('session-revoked'), sub_id: { ...sub_id, sub: {} } },
        event('session-revoked'),
      ]) {
        expect(await send(await mint(claims))).toBe(202)
      }
      expect(await statusOf(token)).toBe(200)
    })

    test.each<[string, object, object?]>([
      ['another typ', {}, { typ: 'JWT' }],
      ['another issuer', { iss: 'https://evil.example' }],
      ['another audience', { aud: 'https://other.example' }],
      ['no events', { events: undefined }],
      ['no jti', { jti: undefined }],
    ])('a token with %s is rejected', async (_title, claims, header) => {
      const user = newUser()
      const token = await issuer.accessToken(user)
      const good = { ...event('session-revoked'), sub_id: subjectOf(user) }

      expect(await send(await mint({ ...good, ...claims }, header))).toBe(400)
      expect(await send('x.y.z')).toBe(400)
      expect(await statusOf(token)).toBe(200)
    })
  })
})
