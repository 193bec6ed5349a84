/**
 * The OpenID Shared Signals Framework: a transmitter pushes security event tokens (RFC 8417, RFC 8935). These have no `exp`, which
 * a verifier of jwt-gate requires, so jose verifies them here. Use your own `createRemoteJWKSet` for the transmitter's keys.
 */
import express from 'express'
import { createLocalJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'
import { issuer, now, revocations, TOKEN_SECONDS } from './setup.ts'

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type'
const SESSION_REVOKED = `${CAEP}/session-revoked`
const CREDENTIAL_CHANGE = `${CAEP}/credential-change`
const TRANSMITTER = 'https://transmitter.example'
const AUDIENCE = 'https://api.example/events'
const keys = createLocalJWKSet(structuredClone(issuer.jwks) as { keys: [] })
/** The issuers of access tokens about whose users this transmitter may speak. */
const SUBJECT_ISSUERS: ReadonlySet<unknown> = new Set([issuer.issuer])

/** A subject identifier (RFC 9493), as far as it is read here. */
interface Subject {
  readonly format?: unknown
  readonly iss?: unknown
  readonly sub?: unknown
  readonly id?: unknown
  readonly user?: Subject
  readonly session?: Subject
}

/** Applies an event. Events that say nothing about tokens are ignored. */
async function receive(token: string): Promise<void> {
  const { payload } = await jwtVerify(token, keys, {
    issuer: TRANSMITTER,
    audience: AUDIENCE,
    typ: 'secevent+jwt',
    algorithms: ['RS256', 'ES256'],
    requiredClaims: ['iat', 'jti', 'events'],
  })
  const events = Object(payload['events']) as Record<string, { event_timestamp?: unknown }>
  const event = [SESSION_REVOKED, CREDENTIAL_CHANGE].find((name) => Object.hasOwn(events, name))
  if (event !== undefined) await revokeSubject(payload, events[event]?.event_timestamp)
}

async function revokeSubject(payload: JWTPayload, timestamp: unknown): Promise<void> {
  const subject = Object(payload['sub_id']) as Subject
  const user = subject.format === 'complex' ? Object(subject.user) : subject
  const session = Object(subject.session) as Subject
  const until = now() + TOKEN_SECONDS
  if (user.format !== 'iss_sub' || !SUBJECT_ISSUERS.has(user.iss)) return
  if (session.format === 'opaque' && isText(session.id)) {
    await revocations.revoke({ issuer: user.iss, sid: session.id, until })
    return
  }
  if (!isText(user.sub)) return
  const issuedBefore = typeof timestamp === 'number' ? timestamp : (payload.iat ?? now())
  await revocations.revoke({ issuer: user.iss, sub: user.sub, issuedBefore, until })
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

interface Answer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The response of RFC 8935 s2.2 and s2.3. An outage is a 503, so that the transmitter sends the event again. */
async function answer(token: string): Promise<Answer> {
  const headers = { 'Content-Type': 'application/json' }
  try {
    await receive(token)
    return { statusCode: 202, headers: {}, body: '' }
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) return { statusCode: 503, headers, body: '{}' }
    const description = 'The security event token is not valid'
    return {
      statusCode: 400,
      headers,
      body: JSON.stringify({ err: 'invalid_request', description }),
    }
  }
}

export const app = express()

app.post(
  '/events',
  express.text({ type: 'application/secevent+jwt', limit: '20kb' }),
  async (req, res) => {
    const { statusCode, headers, body } = await answer(String(req.body))
    res.status(statusCode).set(headers).send(body)
  },
)

interface PushEvent {
  readonly body?: string
  readonly isBase64Encoded?: boolean
}

/** The same behind API Gateway or a function URL. */
export const handler = ({ body = '', isBase64Encoded }: PushEvent): Promise<Answer> =>
  answer(isBase64Encoded ? Buffer.from(body, 'base64').toString() : body)
