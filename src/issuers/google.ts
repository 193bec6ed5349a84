/**
 * Google: ID tokens of Sign in with Google, and of service accounts. Google writes its issuer in two ways.
 */
import { type OptionNames, readOptional, readOptions } from '../verify/adapter-kit.ts'
import { ConfigError, type JwtClaims, type TrustedIssuer } from '../verify/index.ts'
import {
  assertOneOf,
  PRESET_OPTIONS,
  type PresetOptions,
  readDomain,
  readTexts,
  toCommon,
  toKeys,
  withRule,
} from './preset.ts'

/** The options of `google()`. */
export interface GoogleOptions<Claims = GoogleClaims> extends PresetOptions<Claims> {
  /** The OAuth client IDs of your applications; for tokens of service accounts, the audience that they ask for. Required. */
  readonly clientId: string | readonly string[]
  /**
   * The accepted domains of Google Workspace (`hd`).
   * @defaultValue not checked: everybody with a Google account passes
   */
  readonly hostedDomain?: string | readonly string[] | undefined
}

/** The claims of an ID token of Google. */
export interface GoogleClaims extends JwtClaims {
  /** The account. Use it as the key of a user: an e-mail address can change. */
  readonly sub: string
  readonly aud: string
  readonly iat: number
  readonly azp?: string
  /** The domain of the organization. Accounts outside of Google Workspace have none, whatever their e-mail address is. */
  readonly hd?: string
  readonly email?: string
  readonly email_verified?: boolean
  readonly name?: string
  readonly picture?: string
  readonly nonce?: string
}

const OPTIONS: OptionNames<GoogleOptions> = {
  ...PRESET_OPTIONS,
  clientId: true,
  hostedDomain: true,
}
const ISSUERS = ['https://accounts.google.com', 'accounts.google.com']

/**
 * Describes Google as the issuer of ID tokens. (Its access tokens are opaque.)
 *
 * Accepts RS256, the one algorithm that Google uses.
 *
 * @example
 * ```ts
 * createVerifier(google({ clientId: '1234-abcd.apps.googleusercontent.com', hostedDomain: 'example.com' }))
 * ```
 * @param options - the accepted clients and domains
 * @returns the trusted issuers, for `createVerifier`
 * @throws `ConfigError` that names the invalid option
 */
export function google<Claims = GoogleClaims>(
  options: GoogleOptions<Claims>,
): readonly TrustedIssuer<NoInfer<Claims>>[] {
  const own = readOptions('google()', options, OPTIONS as OptionNames<GoogleOptions<Claims>>)
  const audience = readTexts('clientId', own.clientId)
  const domains = readOptional(readDomains, 'hostedDomain', own.hostedDomain)
  const claims = withRule((found) => assertOneOf(found, 'hd', domains, 'hostedDomain'), own.claims)
  return ISSUERS.map((issuer) => ({
    ...toCommon(own),
    issuer,
    ...toKeys(own.jwks, 'https://www.googleapis.com/oauth2/v3/certs'),
    audience,
    algorithms: ['RS256'] as const,
    claims,
  }))
}

function readDomains(option: string, value: unknown): readonly string[] {
  const texts = readTexts(option, value)
  if (texts.some((text) => text.includes('@'))) {
    throw new ConfigError(`"${option}" must be a domain, such as example.com, without a name and @`)
  }
  return texts.map((text) => readDomain(option, text, 'example.com'))
}
