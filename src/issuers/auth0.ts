/**
 * Auth0: its issuer ends with a slash, and both profiles of its access tokens are accepted.
 */
import { type OptionNames, readOptions } from '../verify/adapter-kit.ts'
import type { JwtClaims, TrustedIssuer } from '../verify/index.ts'
import {
  assertAccessToken,
  PRESET_OPTIONS,
  type PresetOptions,
  readDomain,
  readFilledIn,
  toCommon,
  toKeys,
  withRule,
} from './preset.ts'

/** The options of `auth0()`. */
export interface Auth0Options<Claims = Auth0Claims> extends PresetOptions<Claims> {
  /** The domain of the tenant, or its custom domain, such as `tenant.eu.auth0.com`. Required. */
  readonly domain: string
  /**
   * The identifier of the API. Required.
   *
   * Security: `null` turns the check off. Tokens for every API of the tenant then pass.
   */
  readonly audience: string | readonly string[] | null
  /** The accepted applications. @defaultValue not checked */
  readonly clientId?: string | readonly string[] | undefined
}

/** The claims of an access token of Auth0. */
export interface Auth0Claims extends JwtClaims {
  /** The user; for an application without one, its client ID with `@clients`. */
  readonly sub: string
  readonly iat: number
  /** The application, in the profile of RFC 9068. */
  readonly client_id?: string
  /** The application, in Auth0's own profile. */
  readonly azp?: string
  /** Space-separated. */
  readonly scope?: string
  /** With role-based access control, if the API adds them to its tokens. */
  readonly permissions?: readonly string[]
  readonly org_id?: string
  readonly org_name?: string
  /** How the token was granted, in Auth0's own profile. */
  readonly gty?: string | readonly string[]
}

const OPTIONS: OptionNames<Auth0Options> = {
  ...PRESET_OPTIONS,
  domain: true,
  audience: true,
  clientId: true,
}

/**
 * Describes an Auth0 tenant, for access tokens of an API.
 *
 * ID tokens are rejected, even if `audience` is the client ID of an application. Accepts RS256 and PS256.
 *
 * @example
 * ```ts
 * createVerifier(auth0({ domain: 'tenant.eu.auth0.com', audience: 'https://api.example.com' }))
 * ```
 * @param options - the tenant and the API
 * @returns the trusted issuer, for `createVerifier`
 * @throws `ConfigError` that names the invalid option
 */
export function auth0<Claims = Auth0Claims>(
  options: Auth0Options<Claims>,
): TrustedIssuer<NoInfer<Claims>> {
  const own = readOptions('auth0()', options, OPTIONS as OptionNames<Auth0Options<Claims>>)
  const domain = readDomain('domain', own.domain, 'tenant.eu.auth0.com')
  return {
    ...toCommon(own),
    issuer: `https://${domain}/`,
    ...toKeys(own.jwks, `https://${domain}/.well-known/jwks.json`),
    audience: readFilledIn('audience', own.audience),
    clientId: readFilledIn('clientId', own.clientId),
    algorithms: ['RS256', 'PS256'],
    claims: withRule((claims) => assertAccessToken(claims, 'azp', 'client_id'), own.claims),
  }
}
