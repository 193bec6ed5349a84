/**
 * Amazon Cognito: sign-out, here or everywhere, a changed password, and an app client that was deleted. Cognito revokes refresh
 * tokens by itself, but access and ID tokens stay valid until they expire, unless they are revoked here.
 */
import express from 'express'
import type { CognitoAccessClaims } from 'jwt-gate'
import { authErrorHandler, getAuth, requireJwt } from 'jwt-gate/express'
import { issuer, now, revocations, TOKEN_SECONDS, verifier } from './setup.ts'

/** Ends one sign-in: all tokens of it have the same `origin_jti`. Call it after Cognito's `RevokeToken`. */
async function signOut({ iss, origin_jti }: CognitoAccessClaims): Promise<void> {
  if (typeof origin_jti !== 'string') throw new Error('The token has no origin_jti')
  await revocations.revoke({ issuer: iss, origin_jti, until: now() + TOKEN_SECONDS })
}

/** Ends all sign-ins of a user: `GlobalSignOut`, `AdminUserGlobalSignOut`, a new password. Later sign-ins are not affected. */
async function signOutEverywhere(issuerUrl: string, sub: string): Promise<void> {
  const issuedBefore = now()
  await revocations.revoke({ issuer: issuerUrl, sub, issuedBefore, until: now() + TOKEN_SECONDS })
}

export const app = express()

app.use(requireJwt(verifier))
app.get('/profile', (req, res) => {
  res.json({ sub: getAuth(req).claims.sub })
})
app.post('/sign-out', async (req, res) => {
  // here, call RevokeToken with the refresh token
  await signOut(getAuth(req).claims as CognitoAccessClaims)
  res.sendStatus(204)
})
app.post('/sign-out-everywhere', async (req, res) => {
  const { iss, sub } = getAuth(req).claims as CognitoAccessClaims
  // here, call GlobalSignOut with the access token
  await signOut(getAuth(req).claims as CognitoAccessClaims)
  await signOutEverywhere(iss, sub)
  res.sendStatus(204)
})
app.use(authErrorHandler())

interface PasswordEvent {
  readonly triggerSource: string
  readonly request: { readonly userAttributes: { readonly sub: string } }
}

/** The Lambda trigger "post confirmation" of the user pool: a forgotten password was replaced. */
export const onNewPassword = async (event: PasswordEvent): Promise<PasswordEvent> => {
  if (event.triggerSource === 'PostConfirmation_ConfirmForgotPassword') {
    await signOutEverywhere(issuer.issuer, event.request.userAttributes.sub)
  }
  return event
}

interface CloudTrailEvent {
  readonly detail: {
    readonly eventName: string
    readonly requestParameters: { readonly userPoolId: string; readonly clientId: string }
  }
}

/** The target of a rule of EventBridge for `DeleteUserPoolClient` in CloudTrail: the tokens of an app client end with it. */
export const onDeletedClient = async ({ detail }: CloudTrailEvent): Promise<void> => {
  const { userPoolId, clientId } = detail.requestParameters
  if (detail.eventName !== 'DeleteUserPoolClient' || userPoolId !== issuer.userPoolId) return
  const until = now() + TOKEN_SECONDS
  await revocations.revoke({ issuer: issuer.issuer, client_id: clientId, until })
}
