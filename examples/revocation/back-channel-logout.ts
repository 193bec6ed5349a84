/**
 * OpenID Connect Back-Channel Logout 1.0: the provider sends a logout token when a session has ended. It is verified like any
 * token (section 2.6), with a verifier of its own, so that no other token passes for one.
 */
import express from 'express'
import { createVerifier, isJwtGateError, TokenError } from 'jwt-gate'
import { memoryReplayStore } from 'jwt-gate/stores'
import { issuer, now, revocations, TOKEN_SECONDS } from './setup.ts'

const LOGOUT = 'http://schemas.openid.net/event/backchannel-logout'
const used = memoryReplayStore({ max: 100_000 })

const logoutVerifier = createVerifier(
  {
    issuer: issuer.issuer,
    // the client ID, as in an ID token
    audience: issuer.clientId,
    jwks: issuer.jwks,
    // null, if your provider sends no typ
    tokenType: 'logout+jwt',
    requiredClaims: ['jti', 'events'],
    maxTokenAgeSeconds: 300,
  },
  { tokenCache: false },
)

/** @throws an error of this library if the token is no logout token, or was used before */
async function logOut(logoutToken: string): Promise<void> {
  const { claims } = await logoutVerifier.verify(logoutToken)
  const { iss, sub, sid, iat, jti, nonce } = claims
  const event = Object(claims['events'])[LOGOUT]
  const isLogout = typeof event === 'object' && event !== null && nonce === undefined
  if (!isLogout || iat === undefined || jti === undefined) throw new TokenError('ERR_TOKEN_CHECK')
  const until = now() + TOKEN_SECONDS
  if (typeof sid === 'string' && sid !== '') {
    await revocations.revoke({ issuer: iss, sid, until })
  } else if (sub) {
    // without a session, all sessions of the user have ended
    await revocations.revoke({ issuer: iss, sub, issuedBefore: iat, until })
  } else {
    throw new TokenError('ERR_CLAIM_MISSING', { claim: 'sid', reason: 'missing' })
  }
  // after the revocation: a provider whose call failed may send the token again
  if (!(await used.claim(jti, 600))) throw new TokenError('ERR_TOKEN_CHECK')
}

interface Answer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The response to a form with a `logout_token` (sections 2.5 and 2.8). */
async function answer(form: string): Promise<Answer> {
  const headers = { 'Cache-Control': 'no-store', 'Content-Type': 'application/json' }
  try {
    const tokens = new URLSearchParams(form).getAll('logout_token')
    await logOut(tokens.length === 1 ? (tokens[0] ?? '') : '')
    return { statusCode: 200, headers, body: '{}' }
  } catch (error) {
    const isOutage = !isJwtGateError(error) || error.status >= 500
    const body = JSON.stringify({ error: isOutage ? 'logout_failed' : 'invalid_request' })
    return { statusCode: 400, headers, body }
  }
}

export const app = express()

app.post(
  '/back-channel-logout',
  express.text({ type: 'application/x-www-form-urlencoded', limit: '20kb' }),
  async (req, res) => {
    const { statusCode, headers, body } = await answer(String(req.body))
    res.status(statusCode).set(headers).send(body)
  },
)

interface FormEvent {
  readonly body?: string
  readonly isBase64Encoded?: boolean
}

/** The same behind API Gateway or a function URL. */
export const handler = ({ body = '', isBase64Encoded }: FormEvent): Promise<Answer> =>
  answer(isBase64Encoded ? Buffer.from(body, 'base64').toString() : body)
