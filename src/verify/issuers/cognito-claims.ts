/**
 * What Cognito puts into its tokens. Everything else, custom attributes and what a pre token generation trigger adds,
 * is `unknown`.
 */
import type { JwtClaims } from '../types.ts'

interface CognitoClaimsBase extends JwtClaims {
  /** The user, or the app client itself in a token of the client credentials grant. */
  readonly sub: string
  readonly iat: number
  readonly jti: string
  readonly auth_time?: number
  readonly 'cognito:groups'?: readonly string[]
  /** Stays the same in all tokens of one sign-in. */
  readonly origin_jti?: string
  readonly event_id?: string
}

/** The claims of an access token. */
export interface CognitoAccessClaims extends CognitoClaimsBase {
  readonly token_use: 'access'
  readonly client_id: string
  /** Space-separated. Signing in through the API (not the managed login) gives `aws.cognito.signin.user.admin` alone. */
  readonly scope?: string
  readonly version?: number
  /** Not in tokens of the client credentials grant. */
  readonly username?: string
  readonly device_key?: string
}

/** The claims of an ID token. */
export interface CognitoIdClaims extends CognitoClaimsBase {
  readonly token_use: 'id'
  /** The app client. */
  readonly aud: string
  readonly 'cognito:username': string
  readonly 'cognito:roles'?: readonly string[]
  readonly 'cognito:preferred_role'?: string
  readonly email?: string
  readonly email_verified?: boolean
  readonly phone_number?: string
  readonly phone_number_verified?: boolean
  readonly nonce?: string
  readonly at_hash?: string
  /** The external identity providers that the user signed in with. */
  readonly identities?: readonly Readonly<Record<string, unknown>>[]
}
