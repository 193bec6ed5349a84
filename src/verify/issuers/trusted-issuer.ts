/**
 * Reads and validates the configuration of one trusted issuer.
 */
import { type ClaimPath, readClaimPath } from '../claims/claim-path.ts'
import type { ClaimsRule } from '../claims/claims.ts'
import { ConfigError } from '../errors.ts'
import { type InsecureHosts, isCanonical, toSecureUrl } from '../http/issuer-url.ts'
import { toJwk } from '../keys/pem.ts'
import { readAlgorithms } from '../keys/read-algorithms.ts'
import type { StandardSchemaV1 } from '../standard-schema.ts'
import { type HeaderRule, toMediaType } from '../token/header.ts'
import type { JSONWebKeySet, TrustedIssuer } from '../types.ts'
import {
  assertObject,
  type OptionNames,
  readChoice,
  readNumber,
  readOptional,
  readOptions,
  readString,
  readStrings,
} from '../util/check-option.ts'
import { assertFilledIn } from './issuer-name.ts'

/** The conditions for the tokens of an issuer. */
export interface Conditions {
  readonly header: HeaderRule
  readonly claims: ClaimsRule
  readonly groupsClaim: ClaimPath | undefined
  readonly schema: StandardSchemaV1 | undefined
}

/** A validated issuer with all defaults applied. */
export interface IssuerSettings extends Conditions {
  readonly issuer: string
  readonly userPoolId: string | undefined
  /** URLs in canonical form. None if the keys are given, or found by discovery. */
  readonly jwksUris: readonly string[]
  /** The keys of a configured JWK Set. */
  readonly givenKeys: readonly unknown[] | undefined
}

/** The verifier options that affect an issuer. */
export interface IssuerContext {
  readonly clockToleranceSeconds: number
  readonly insecureHosts: InsecureHosts
  readonly confirmations: ReadonlySet<string>
}

/** An issuer, and the user pool that `cognito()` made it of. */
export type GivenIssuer = TrustedIssuer & { readonly userPoolId?: string }

const OPTIONS: OptionNames<GivenIssuer> = {
  issuer: true,
  audience: true,
  jwksUri: true,
  jwks: true,
  algorithms: true,
  tokenType: true,
  tokenUse: true,
  clientId: true,
  clientIdClaim: true,
  groupsClaim: true,
  requiredClaims: true,
  maxTokenAgeSeconds: true,
  claims: true,
  userPoolId: true,
}
// RFC 6838 s4.2, with or without the top-level type
const MEDIA_TYPE = /^(?:[a-z0-9][\w!#$&^.+-]*\/)?[a-z0-9][\w!#$&^.+-]*$/i
/** All of them are fetched in each refresh. */
const MAX_JWKS_URIS = 20
const TEN_YEARS_SECONDS = 315_360_000
const FOR_DISCOVERY = ' for discovery: give "jwksUri" or "jwks" for any other issuer'

/** @throws {@link ConfigError} that names the invalid option */
export function readTrustedIssuer(
  given: GivenIssuer,
  { clockToleranceSeconds, insecureHosts, confirmations }: IssuerContext,
): IssuerSettings {
  assertObject('trusted', given, ', such as { issuer, audience } or cognito(…)')
  assertNoPool(given)
  const trusted = readOptions('the first argument of createVerifier()', given, OPTIONS)
  const issuer = readString('issuer', trusted.issuer)
  assertFilledIn('issuer', issuer)
  const tokenType = readTokenType(trusted.tokenType)
  const { clientId, requiredClaims, maxTokenAgeSeconds } = trusted
  const givenKeys = readGivenKeys(trusted.jwks)
  return {
    issuer,
    userPoolId: trusted.userPoolId,
    jwksUris: readJwksUris(trusted, issuer, insecureHosts),
    givenKeys,
    header: { algorithms: readAlgorithms('algorithms', trusted.algorithms), tokenType },
    claims: {
      audience: readAudience(trusted.audience),
      clientId: clientId === undefined ? undefined : new Set(readStrings('clientId', clientId)),
      clientIdClaim: readClientIdClaim(trusted),
      tokenUse: readChoice('tokenUse', trusted.tokenUse, ['access', 'id']),
      accessTokenProfile: tokenType === 'at+jwt' && requiredClaims === undefined,
      requiredClaims: readOptional(readStrings, 'requiredClaims', requiredClaims) ?? [],
      maxTokenAgeSeconds: readNumber('maxTokenAgeSeconds', maxTokenAgeSeconds, undefined, {
        max: TEN_YEARS_SECONDS,
      }),
      clockToleranceSeconds,
      confirmations,
    },
    groupsClaim: readOptional(readClaimPath, 'groupsClaim', trusted.groupsClaim),
    schema: readSchema(trusted.claims),
  }
}

/** @throws {@link ConfigError} for the options of `cognito()`, or for its return value in an object */
export function assertNoPool(given: object): void {
  if (Object.hasOwn(given, '0')) {
    throw new ConfigError(
      '"trusted" is a list that was spread into an object, such as { ...cognito(options), claims }: pass the list itself, and give options to cognito()',
    )
  }
  if (Object.hasOwn(given, 'userPoolId') && !Object.hasOwn(given, 'issuer')) {
    throw new ConfigError(
      '"userPoolId" is an option of cognito(): call createVerifier(cognito({ userPoolId, clientId, tokenUse }))',
    )
  }
}

function readAudience(audience: TrustedIssuer['audience'] | undefined): ReadonlySet<string> | null {
  if (audience === null) return null
  if (audience === undefined) {
    throw new ConfigError(
      '"audience" must be given: without it, a token for any other service of this issuer would pass. null switches the check off',
    )
  }
  return new Set(readStrings('audience', audience))
}

function readTokenType(tokenType: TrustedIssuer['tokenType']): HeaderRule['tokenType'] {
  if (tokenType === undefined || tokenType === null) return tokenType
  if (typeof tokenType !== 'string' || !MEDIA_TYPE.test(tokenType)) {
    throw new ConfigError(
      '"tokenType" must be "at+jwt", "JWT" or another media type, such as "JOSE"; null switches the check off',
    )
  }
  // the values of `tokenUse`, given to the wrong option, would reject every token
  if (tokenType === 'access' || tokenType === 'id') {
    throw new ConfigError('"tokenType" is for "typ" in the header: use "tokenUse" for "token_use"')
  }
  return toMediaType(tokenType)
}

/** Without a client to compare, the option would have no effect, although it looks like a check. */
function readClientIdClaim({ clientId, clientIdClaim }: TrustedIssuer): string | undefined {
  if (clientIdClaim !== undefined && clientId === undefined) {
    throw new ConfigError('"clientIdClaim" needs "clientId": the accepted clients')
  }
  return readOptional(readString, 'clientIdClaim', clientIdClaim)
}

function readJwksUris(
  { jwksUri, jwks }: TrustedIssuer,
  issuer: string,
  insecureHosts: InsecureHosts,
): readonly string[] {
  if (jwksUri !== undefined) {
    // cognito() has made it of the issuer, which is the option to name
    if (jwksUri === `${issuer}/.well-known/jwks.json`) readUrl('issuer', issuer, insecureHosts)
    return readUrls(jwksUri, insecureHosts)
  }
  if (jwks !== undefined) return []
  readUrl('issuer', issuer, insecureHosts)
  // RFC 8414 s2
  if (!/[?#]/.test(issuer)) return []
  throw new ConfigError(`"issuer" must have no query and no fragment${FOR_DISCOVERY}`)
}

function readUrls(
  jwksUri: NonNullable<TrustedIssuer['jwksUri']>,
  insecureHosts: InsecureHosts,
): readonly string[] {
  const texts: readonly string[] = [jwksUri].flat()
  if (texts.length === 0 || texts.length > MAX_JWKS_URIS) {
    throw new ConfigError(`"jwksUri" must be a URL, or a list of 1 to ${MAX_JWKS_URIS} URLs`)
  }
  return texts.map((text) => {
    assertFilledIn('jwksUri', text)
    return readUrl('jwksUri', text, insecureHosts).href
  })
}

/** Reads a URL from which keys are fetched. */
function readUrl(option: 'issuer' | 'jwksUri', text: unknown, insecureHosts: InsecureHosts): URL {
  const url = toSecureUrl(text, insecureHosts)
  if (url === undefined) throw wrongUrl(option, text)
  if (isCanonical(text as string, url)) return url
  // a query may contain a secret, and messages end up in logs
  const shown = url.href.replace(/\?.*/, '?…')
  throw new ConfigError(`"${option}" must be a URL in canonical form: ${shown}`)
}

function wrongUrl(option: 'issuer' | 'jwksUri', text: unknown): ConfigError {
  // without user info
  // Stryker disable next-line ConditionalExpression: only for the types, what is no text is no URL
  if (typeof text === 'string' && /^http:[^@]*$/i.test(text) && URL.canParse(text)) {
    return new ConfigError(
      `"${option}" is a plain http URL, which is allowed for loopback hosts: to allow this host, add its name, without port, to "jwks.insecureHosts"`,
    )
  }
  const way = option === 'issuer' ? FOR_DISCOVERY : ''
  return new ConfigError(
    `"${option}" must be an https URL without user info, or http on a loopback host or a host in "jwks.insecureHosts"${way}`,
  )
}

function readGivenKeys(jwks: TrustedIssuer['jwks']): readonly unknown[] | undefined {
  if (jwks === undefined) return undefined
  // RFC 7517 s5: other members are allowed and ignored
  if (!Array.isArray((jwks as JSONWebKeySet | null)?.keys)) {
    throw new ConfigError('"jwks" must be a JWK Set: { keys: [...] }')
  }
  return copyJson(jwks.keys).map((key) => (typeof key === 'string' ? toJwk(key) : key))
}

/** A copy, so that later changes by the caller have no effect. */
function copyJson(keys: readonly unknown[]): readonly unknown[] {
  try {
    return JSON.parse(JSON.stringify(keys))
  } catch (cause) {
    throw new ConfigError('"jwks" must be plain JSON', { cause })
  }
}

/** @throws {@link ConfigError} for anything but a Standard Schema */
export function readSchema(schema: TrustedIssuer['claims']): StandardSchemaV1 | undefined {
  if (schema === undefined) return undefined
  if (typeof schema?.['~standard']?.validate !== 'function') {
    throw new ConfigError(
      '"claims" must be a Standard Schema, for example from zod, valibot or arktype',
    )
  }
  return schema
}
