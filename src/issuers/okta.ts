/**
 * Okta: custom authorization servers, and the server of an organization, whose access tokens are meant for Okta.
 */
import { type OptionNames, readOptions } from '../verify/adapter-kit.ts'
import { ConfigError, type JwtClaims, type TrustedIssuer } from '../verify/index.ts'
import {
  assertAccessToken,
  PRESET_OPTIONS,
  type PresetOptions,
  readDomain,
  readFilledIn,
  readText,
  toCommon,
  toKeys,
  withRule,
} from './preset.ts'

/** The options of `okta()`. */
export interface OktaOptions<Claims = OktaClaims> extends PresetOptions<Claims> {
  /** The Okta domain, or the custom domain, such as `example.okta.com`. Required. */
  readonly domain: string
  /**
   * The ID of the custom authorization server, such as `default`. Required.
   *
   * Security: `null` is the server of the organization. Okta issues its access tokens for its own APIs and advises against
   * accepting them anywhere else: any of its applications can get one.
   */
  readonly authorizationServerId: string | null
  /**
   * The audience of the authorization server, such as `api://default`; for the server of the organization, its URL. Required.
   *
   * Security: `null` turns the check off. Tokens for every audience of this authorization server then pass.
   */
  readonly audience: string | readonly string[] | null
  /** The accepted applications (`cid`). @defaultValue not checked */
  readonly clientId?: string | readonly string[] | undefined
}

/** The claims of an access token of Okta. */
export interface OktaClaims extends JwtClaims {
  /** The login of the user; for an application without one, its client ID. */
  readonly sub: string
  readonly iat: number
  readonly jti: string
  /** The application. */
  readonly cid: string
  /** The ID of the user, if there is one. */
  readonly uid?: string
  readonly scp?: readonly string[]
  readonly groups?: readonly string[]
  readonly auth_time?: number
}

const OPTIONS: OptionNames<OktaOptions> = {
  ...PRESET_OPTIONS,
  domain: true,
  authorizationServerId: true,
  audience: true,
  clientId: true,
}
const ORGANIZATION_TYPE = 'application/okta-internal-at+jwt'
const CURE = ': the server of https://example.okta.com/oauth2/default is "authorizationServerId"'

/**
 * Describes an authorization server of Okta, for access tokens.
 *
 * ID tokens are rejected. Scopes are read from `scp`, groups from `groups`. Accepts RS256, the one algorithm that Okta uses.
 *
 * @example
 * ```ts
 * createVerifier(
 *   okta({ domain: 'example.okta.com', authorizationServerId: 'default', audience: 'api://default' }),
 * )
 * ```
 * @param options - the authorization server and its audience
 * @returns the trusted issuer, for `createVerifier`
 * @throws `ConfigError` that names the invalid option
 */
export function okta<Claims = OktaClaims>(
  options: OktaOptions<Claims>,
): TrustedIssuer<NoInfer<Claims>> {
  const own = readOptions('okta()', options, OPTIONS as OptionNames<OktaOptions<Claims>>)
  const server = readServer(own.authorizationServerId)
  const origin = `https://${readOktaDomain(own.domain)}`
  const issuer = server === null ? origin : `${origin}/oauth2/${server}`
  const clientId = readFilledIn('clientId', own.clientId)
  return {
    ...toCommon(own),
    issuer,
    ...toKeys(own.jwks, server === null ? `${origin}/oauth2/v1/keys` : `${issuer}/v1/keys`),
    audience: readFilledIn('audience', own.audience),
    ...(clientId !== undefined && { clientId, clientIdClaim: 'cid' }),
    algorithms: ['RS256'],
    tokenType: server === null ? ORGANIZATION_TYPE : undefined,
    claims: withRule((claims) => assertAccessToken(claims, 'cid'), own.claims),
  }
}

/** The address of the admin console looks like the domain, and issues nothing. */
function readOktaDomain(value: unknown): string {
  const domain = readDomain('domain', value, 'example.okta.com', CURE)
  if (!/^[^.]+-admin\.okta(?:preview|-emea)?\.com$/.test(domain)) return domain
  throw new ConfigError('"domain" is that of the admin console: leave out "-admin"')
}

function readServer(value: unknown): string | null {
  if (value === null) return null
  if (value === undefined) {
    throw new ConfigError(
      '"authorizationServerId" must be given, such as "default"; null is the server of the organization, whose access tokens are meant for Okta alone',
    )
  }
  const server = readText('authorizationServerId', value)
  if (/^[\w-]+$/.test(server)) return server
  throw new ConfigError(
    '"authorizationServerId" must be an ID, such as default or aus1abcd: the last part of the issuer',
  )
}
