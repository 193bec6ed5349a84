/**
 * Amazon Cognito user pools: their issuers, and the differences between access and ID tokens.
 */
import { ConfigError } from '../errors.ts'
import type { StandardSchemaV1 } from '../standard-schema.ts'
import type { CognitoTrustedIssuer, TrustedIssuer } from '../types.ts'
import { type OptionNames, readOptions, readStrings } from '../util/check-option.ts'
import type { CognitoAccessClaims, CognitoIdClaims } from './cognito-claims.ts'

/** The options of `cognito()`. */
export interface CognitoOptions<
  Use extends 'access' | 'id' | null = 'access' | 'id' | null,
  Claims = CognitoClaims<Use>,
> extends Pick<TrustedIssuer, 'requiredClaims' | 'maxTokenAgeSeconds'> {
  /** The ID of the user pool, such as `eu-west-1_Example`. Required. */
  readonly userPoolId: string
  /**
   * The accepted app clients: `client_id` of an access token, `aud` of an ID token. Required.
   *
   * Security: `null` turns the check off. Tokens of every app client of the pool then pass.
   */
  readonly clientId: string | readonly string[] | null
  /**
   * The accepted kind of token (`token_use`). Required. Use access tokens for APIs; ID tokens identify the user to the app.
   *
   * Security: `null` accepts both. An ID token then passes even if an API expects an access token.
   */
  readonly tokenUse: Use
  /**
   * The accepted resources in the `aud` of an access token (RFC 8707). Checked in addition to `clientId`.
   * @defaultValue not checked, because most access tokens of Cognito have no `aud`
   */
  readonly audience?: string | readonly string[] | undefined
  /**
   * Replaces Cognito's two issuer forms, for emulators, or to accept only one form.
   * @defaultValue `https://cognito-idp.{region}.amazonaws.com/{pool}` and
   * `https://issuer-cognito-idp.{region}.amazonaws.com/{pool}`, with the DNS suffix of the partition
   */
  readonly issuer?: string | undefined
  /** Replaces the URL of the key set. @defaultValue `{issuer}/.well-known/jwks.json` */
  readonly jwksUri?: string | undefined
  /** The pool's public keys. With this option, no key is ever fetched. @defaultValue keys are fetched */
  readonly jwks?: TrustedIssuer['jwks']
  /** As in {@link TrustedIssuer}. @defaultValue `cognito:groups`, else `groups` */
  readonly groupsClaim?: string | undefined
  /** A Standard Schema that validates and types the claims of all accepted kinds of token. @defaultValue none */
  readonly claims?: StandardSchemaV1<unknown, Claims> | undefined
}

/** The type of the claims for a `tokenUse`. */
export type CognitoClaims<Use extends 'access' | 'id' | null> = Use extends 'access'
  ? CognitoAccessClaims
  : Use extends 'id'
    ? CognitoIdClaims
    : CognitoAccessClaims | CognitoIdClaims

const OPTIONS: OptionNames<CognitoOptions> = {
  userPoolId: true,
  clientId: true,
  tokenUse: true,
  audience: true,
  issuer: true,
  jwksUri: true,
  jwks: true,
  requiredClaims: true,
  maxTokenAgeSeconds: true,
  groupsClaim: true,
  claims: true,
}
type Kind = Pick<TrustedIssuer, 'tokenUse' | 'audience' | 'clientId' | 'clientIdClaim'>
type Keys = Pick<TrustedIssuer, 'jwks' | 'jwksUri'>

// Cognito API reference, UserPoolType: Id
const USER_POOL_ID = /^[\w-]+_[0-9A-Za-z]+$/
const REGION = /^[a-z]{2,}(?:-[a-z]+)+-\d+$/

/**
 * Describes an Amazon Cognito user pool for `createVerifier`.
 *
 * Accepts both issuer forms of the pool, each with its own keys, which are fetched when the first token of that form arrives.
 * Accepts only RS256, the one algorithm that Cognito uses.
 *
 * @example
 * ```ts
 * createVerifier(
 *   cognito({ userPoolId: 'eu-west-1_Example', clientId: '1example23456789', tokenUse: 'access' }),
 * )
 * ```
 * @param options - the pool, its accepted clients and kind of token
 * @returns the trusted issuers, for `createVerifier`
 * @throws {@link ConfigError} `ERR_CONFIG_INVALID` that names the invalid option
 */
export function cognito<const Use extends 'access' | 'id' | null, Claims = CognitoClaims<Use>>(
  options: CognitoOptions<Use, Claims>,
): readonly CognitoTrustedIssuer<NoInfer<Claims>>[] {
  const own = readOptions('cognito()', options, OPTIONS)
  const { userPoolId, issuer, requiredClaims, maxTokenAgeSeconds, groupsClaim, claims } = own
  if (typeof userPoolId !== 'string' || !USER_POOL_ID.test(userPoolId)) {
    throw new ConfigError('"userPoolId" must be the ID of a user pool, such as eu-west-1_Example')
  }
  const issuers = issuer === undefined ? toIssuers(userPoolId) : [issuer]
  const kinds = toKinds(own)
  return issuers.flatMap((one) =>
    kinds.map((kind) => ({
      ...kind,
      userPoolId,
      issuer: one,
      ...toKeys(own, one),
      algorithms: ['RS256'] as const,
      requiredClaims,
      maxTokenAgeSeconds,
      groupsClaim,
      claims,
    })),
  )
}

/** The original issuer form, and the form that AWS recommends for multi-Region user pools. */
function toIssuers(userPoolId: string): string[] {
  const region = userPoolId.slice(0, userPoolId.indexOf('_'))
  if (!REGION.test(region)) {
    throw new ConfigError('"userPoolId" must begin with a Region, unless "issuer" is given')
  }
  const host = `${region}.${toDnsSuffix(region)}`
  return ['cognito-idp', 'issuer-cognito-idp'].map(
    (name) => `https://${name}.${host}/${userPoolId}`,
  )
}

function toDnsSuffix(region: string): string {
  if (region.startsWith('cn-')) return 'amazonaws.com.cn'
  if (region.startsWith('eusc-')) return 'amazonaws.eu'
  return 'amazonaws.com'
}

/** Returns the given options unchanged; they are validated later. Without any, returns Cognito's URL. */
function toKeys({ jwks, jwksUri }: Keys, issuer: string): Keys {
  if (jwks === undefined && jwksUri === undefined) {
    return { jwksUri: `${issuer}/.well-known/jwks.json` }
  }
  return { jwks, jwksUri }
}

/** The conditions for each accepted kind of token. */
function toKinds(options: Omit<CognitoOptions, 'claims'>): readonly Kind[] {
  const clientId = readClientId(options.clientId)
  const audience = options.audience === undefined ? null : readStrings('audience', options.audience)
  // no other claim may take its place, such as an azp that a trigger adds
  const client = clientId && { clientId, clientIdClaim: 'client_id' }
  const access: Kind = { tokenUse: 'access', audience, ...client }
  const id: Kind = { tokenUse: 'id', audience: clientId ?? null }
  switch (options.tokenUse) {
    case 'access':
      return [access]
    case 'id':
      if (audience === null) return [id]
      throw new ConfigError(
        '"audience" is for access tokens: the audience of an ID token is its "clientId"',
      )
    case null:
      return [access, id]
    default:
      throw new ConfigError('"tokenUse" must be "access" or "id"; null accepts both')
  }
}

function readClientId(clientId: CognitoOptions['clientId'] | undefined): string[] | undefined {
  if (clientId === null) return undefined
  if (clientId === undefined) {
    throw new ConfigError(
      '"clientId" must be given: without it, tokens of every app client of the pool would pass. null switches the check off',
    )
  }
  return readStrings('clientId', clientId)
}
