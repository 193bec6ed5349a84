/**
 * The claims of Cognito's tokens. All other claims, such as custom attributes and those of a pre token generation trigger, are
 * `unknown`.
 */
import type { JwtClaims } from '../types.ts'

interface CognitoClaimsBase extends JwtClaims {
  /** The user; in a token of the client credentials grant, the app client. */
  readonly sub: string
  readonly iat: number
  readonly jti: string
  readonly auth_time?: number
  readonly 'cognito:groups'?: readonly string[]
  /** The same in all tokens of one sign-in. */
  readonly origin_jti?: string
  readonly event_id?: string
}

/** The claims of an access token. */
export interface CognitoAccessClaims extends CognitoClaimsBase {
  readonly token_use: 'access'
  readonly client_id: string
  /** Space-separated. Sign-in through the API (not the managed login) grants only `aws.cognito.signin.user.admin`. */
  readonly scope?: string
  readonly version?: number
  /** Absent in tokens of the client credentials grant. */
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
