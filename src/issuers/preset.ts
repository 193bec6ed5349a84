/**
 * What all presets share: their common options, how they read text from a console, and rules beyond those of `TrustedIssuer`.
 */
import { trimBlanks } from '../verify/adapter-kit.ts'
import {
  ConfigError,
  type JwtClaims,
  type StandardSchemaV1,
  TokenError,
  type TrustedIssuer,
} from '../verify/index.ts'

/** The options that every preset has. */
export interface PresetOptions<Claims> {
  /** The issuer's public keys. With this option, no key is ever fetched. As in {@link TrustedIssuer}. @defaultValue keys are fetched */
  readonly jwks?: TrustedIssuer['jwks']
  /** Names of claims that must be present and not null, besides those that the preset itself requires. @defaultValue none */
  readonly requiredClaims?: readonly string[] | undefined
  /** Maximum age in seconds since `iat`. @defaultValue no limit */
  readonly maxTokenAgeSeconds?: number | undefined
  /** A Standard Schema that validates and types the claims, after the checks of the preset. @defaultValue none */
  readonly claims?: StandardSchemaV1<unknown, Claims> | undefined
}

/** The names of {@link PresetOptions}, for the list of a preset. */
export const PRESET_OPTIONS = {
  jwks: true,
  requiredClaims: true,
  maxTokenAgeSeconds: true,
  claims: true,
} as const

/** The options that go to the verifier as they are. */
export function toCommon<Claims>({
  requiredClaims,
  maxTokenAgeSeconds,
}: PresetOptions<Claims>): Pick<TrustedIssuer, 'requiredClaims' | 'maxTokenAgeSeconds'> {
  return { requiredClaims, maxTokenAgeSeconds }
}

/** The given keys, or the URL where the issuer publishes them. */
export function toKeys(
  jwks: TrustedIssuer['jwks'],
  jwksUri: string,
): Pick<TrustedIssuer, 'jwks' | 'jwksUri'> {
  return jwks === undefined ? { jwksUri } : { jwks }
}

/**
 * A schema that applies a rule of the preset, then the user's schema.
 * @param rule - throws a `TokenError` to reject the token
 */
export function withRule<Claims>(
  rule: (claims: JwtClaims) => void,
  schema: StandardSchemaV1<unknown, Claims> | undefined,
): StandardSchemaV1<unknown, Claims> {
  const standard = schema?.['~standard']
  // the verifier rejects it
  if (schema !== undefined && typeof standard?.validate !== 'function') return schema
  return {
    '~standard': {
      version: 1,
      vendor: 'jwt-gate',
      validate: (claims) => {
        rule(claims as JwtClaims)
        return standard === undefined ? { value: claims as Claims } : standard.validate(claims)
      },
    },
  }
}

/** For a token that is no access token: it lacks a claim that every access token of the issuer has. */
export function assertAccessToken(claims: JwtClaims, ...names: readonly string[]): void {
  if (names.some((name) => typeof claims[name] === 'string')) return
  throw new TokenError('ERR_CLAIM_TOKEN_USE', { claim: names[0], reason: 'missing' })
}

/** Checks that a claim has one of the accepted values, those of an option; `undefined` accepts all. */
export function assertOneOf(
  claims: JwtClaims,
  claim: string,
  accepted: readonly string[] | undefined,
  option = claim,
): void {
  if (accepted !== undefined) assertValue(claim, claims[claim], accepted, option)
}

/** @throws {@link TokenError} `ERR_CLAIM_MISSING` or `ERR_TOKEN_CHECK` if the value is none of the accepted ones */
export function assertValue(
  claim: string,
  value: unknown,
  accepted: readonly string[],
  option: string,
): void {
  if (accepted.includes(value as string)) return
  // nothing of the token
  const cause = new Error(`"${option}" is ${JSON.stringify(accepted)}`)
  throw value === undefined
    ? new TokenError('ERR_CLAIM_MISSING', { claim, reason: 'missing', cause })
    : new TokenError('ERR_TOKEN_CHECK', { claim, reason: 'mismatch', cause })
}

// what consoles and quick starts write where a value belongs
const PLACEHOLDER = /\{[^{}]*\}|<[^<>]*>|\[Enter|\bYOUR_[A-Z]|\bEnter_the_/
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i

/** Reads text that was copied from a console. @throws {@link ConfigError} if it is empty or a placeholder */
export function readText(option: string, value: unknown): string {
  const text = typeof value === 'string' ? trimBlanks(value) : ''
  if (text === '') throw new ConfigError(`"${option}" must be a non-empty string`)
  assertFilledIn(option, text)
  return text
}

/** Reads one text or several. @throws {@link ConfigError} if there is none, or if one is a placeholder */
export function readTexts(option: string, value: unknown): readonly string[] {
  const texts: unknown[] = Array.isArray(value) ? value : [value]
  if (texts.length > 0) return texts.map((text) => readText(option, text))
  throw new ConfigError(`"${option}" must be a non-empty string, or a list of such strings`)
}

/** Passes an audience or a client on, which the verifier checks, if it is no placeholder. */
export function readFilledIn<Value>(option: string, value: Value): Value {
  for (const text of [value].flat()) {
    if (typeof text === 'string') assertFilledIn(option, text)
  }
  return value
}

function assertFilledIn(option: string, text: string): void {
  if (!PLACEHOLDER.test(text)) return
  throw new ConfigError(`"${option}" contains a placeholder: fill in its value`)
}

/**
 * Reads a domain, also if it was pasted with `https://` and a slash.
 * @param example - such as `tenant.eu.auth0.com`, for the message
 * @param cure - what to do with a path
 */
export function readDomain(option: string, value: unknown, example: string, cure = ''): string {
  const text = readText(option, value)
  const url = toUrl(SCHEME.test(text) ? text : `https://${text}`)
  const isDomain = url?.protocol === 'https:' && url.username === '' && url.password === ''
  if (!isDomain) throw new ConfigError(`"${option}" must be a domain, such as ${example}`)
  const { host, pathname, search, hash } = url
  if (pathname === '/' && search === '' && hash === '') return host
  throw new ConfigError(`"${option}" must be the domain alone, such as ${example}${cure}`)
}

function toUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}
