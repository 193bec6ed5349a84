/**
 * The claims of access tokens of Microsoft Entra ID.
 */
import type { JwtClaims } from '../verify/index.ts'
import type { EntraVersion } from './entra-tenants.ts'

interface EntraBaseClaims extends JwtClaims {
  /** The user, or the service principal of an application; another value for each API. */
  readonly sub: string
  readonly iat: number
  /** The tenant. */
  readonly tid: string
  /** The user or the service principal, the same for all APIs. */
  readonly oid?: string
  /** Delegated permissions, space-separated: what the user lets the application do. */
  readonly scp?: string
  /** App roles of the user or of the application. */
  readonly roles?: readonly string[]
  /** The IDs of groups, if the API asks for them. Without them, there may be too many for a token. */
  readonly groups?: readonly string[]
  /** `app` for a token without a user, if the API asks for this claim. */
  readonly idtyp?: string
  readonly name?: string
}

/** The claims of an access token of version 2.0. */
export interface EntraV2Claims extends EntraBaseClaims {
  readonly ver: '2.0'
  /** The client ID of the API. */
  readonly aud: string
  /** The client application. */
  readonly azp: string
  /** How the client authenticated: `0` not at all, `1` with a secret, `2` with a certificate. */
  readonly azpacr?: string
  /** Can change: for display, and never for a decision. */
  readonly preferred_username?: string
}

/** The claims of an access token of version 1.0. */
export interface EntraV1Claims extends EntraBaseClaims {
  readonly ver: '1.0'
  readonly aud: string
  /** The client application. */
  readonly appid: string
  /** How the client authenticated: `0` not at all, `1` with a secret, `2` with a certificate. */
  readonly appidacr?: string
  /** Can change: for display, and never for a decision. */
  readonly upn?: string
  readonly unique_name?: string
}

/** The claims of an access token, by its version. */
export type EntraClaims<Version extends EntraVersion = EntraVersion> = Version extends '1.0'
  ? EntraV1Claims
  : EntraV2Claims
