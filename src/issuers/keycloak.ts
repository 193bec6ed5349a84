/**
 * Keycloak: the issuer of a realm, the client in `azp`, and roles in `realm_access` and `resource_access`.
 */
import { type OptionNames, readOptions } from '../verify/adapter-kit.ts'
import { ConfigError, type JwtClaims, TokenError, type TrustedIssuer } from '../verify/index.ts'
import {
  PRESET_OPTIONS,
  type PresetOptions,
  readFilledIn,
  readText,
  toCommon,
  toKeys,
  withRule,
} from './preset.ts'

/** The options of `keycloak()`. */
export interface KeycloakOptions<Claims = KeycloakClaims> extends PresetOptions<Claims> {
  /** The URL of the server, without the realm, such as `https://sso.example.com`; up to version 16, with `/auth`. Required. */
  readonly url: string
  /** The name of the realm, as it is written in the console. Required. */
  readonly realm: string
  /**
   * The `aud` that an audience mapper adds for your API. Required. Without a mapper, it is `account` for every client.
   *
   * Security: `null` turns the check off. Tokens for every client of the realm then pass, unless `clientId` is given.
   */
  readonly audience: string | readonly string[] | null
  /** The accepted clients (`azp`): those that request the tokens. @defaultValue not checked */
  readonly clientId?: string | readonly string[] | undefined
  /**
   * The client whose roles are the groups of access rules.
   * @defaultValue the roles of the realm
   */
  readonly rolesOf?: string | undefined
  /** Allowed values of `alg`. A realm can be configured to use any of them. @defaultValue as in {@link TrustedIssuer} */
  readonly algorithms?: TrustedIssuer['algorithms']
}

/** The claims of an access token of Keycloak. */
export interface KeycloakClaims extends JwtClaims {
  readonly iat: number
  readonly jti: string
  /** `Bearer`, or `DPoP` for a token that is bound to a key. */
  readonly typ: 'Bearer' | 'DPoP'
  /** The client that requested the token. */
  readonly azp: string
  /** Space-separated. */
  readonly scope?: string
  readonly sid?: string
  readonly acr?: string
  readonly realm_access?: { readonly roles?: readonly string[] }
  readonly resource_access?: Readonly<Record<string, { readonly roles?: readonly string[] }>>
  readonly preferred_username?: string
  readonly email?: string
  readonly email_verified?: boolean
}

const OPTIONS: OptionNames<KeycloakOptions> = {
  ...PRESET_OPTIONS,
  url: true,
  realm: true,
  audience: true,
  clientId: true,
  rolesOf: true,
  algorithms: true,
}

/**
 * Describes a realm of Keycloak, for access tokens.
 *
 * ID tokens, refresh tokens and logout tokens are rejected. `groups` and `allGroups` of access rules read the roles of the realm,
 * or those of a client (`rolesOf`).
 *
 * @example
 * ```ts
 * createVerifier(keycloak({ url: 'https://sso.example.com', realm: 'shop', audience: 'orders-api' }))
 * ```
 * @param options - the realm and the API
 * @returns the trusted issuer, for `createVerifier`
 * @throws `ConfigError` that names the invalid option
 */
export function keycloak<Claims = KeycloakClaims>(
  options: KeycloakOptions<Claims>,
): TrustedIssuer<NoInfer<Claims>> {
  const own = readOptions('keycloak()', options, OPTIONS as OptionNames<KeycloakOptions<Claims>>)
  const issuer = `${readServerUrl(own.url)}/realms/${encodeURIComponent(readText('realm', own.realm))}`
  const clientId = readFilledIn('clientId', own.clientId)
  return {
    ...toCommon(own),
    issuer,
    ...toKeys(own.jwks, `${issuer}/protocol/openid-connect/certs`),
    audience: readFilledIn('audience', own.audience),
    ...(clientId !== undefined && { clientId, clientIdClaim: 'azp' }),
    algorithms: own.algorithms,
    groupsClaim: toGroupsClaim(own.rolesOf),
    claims: withRule(assertBearer, own.claims),
  }
}

/** Keycloak names the kind of token in a claim; the header has `JWT` for all of them. */
function assertBearer({ typ }: JwtClaims): void {
  if (typ === 'Bearer' || typ === 'DPoP') return
  const reason = typ === undefined ? 'missing' : 'mismatch'
  throw new TokenError('ERR_CLAIM_TOKEN_USE', { claim: 'typ', reason })
}

/** The verifier checks whether keys may be fetched from there, such as over plain http. */
function readServerUrl(value: unknown): string {
  const text = readText('url', value)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (
    url === undefined ||
    !/^https?:$/.test(url.protocol) ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new ConfigError('"url" must be the URL of the server, such as https://sso.example.com')
  }
  if (/\/realms(?:\/|$)/.test(url.pathname)) {
    throw new ConfigError('"url" must end before /realms: the name of the realm is "realm"')
  }
  // the path begins with a slash, and a bare origin has nothing else
  return url.href.replace(/\/+$/, '')
}

// RFC 6901 s3
function toGroupsClaim(client: unknown): string {
  if (client === undefined) return '/realm_access/roles'
  const name = readText('rolesOf', client).replaceAll('~', '~0').replaceAll('/', '~1')
  return `/resource_access/${name}/roles`
}
