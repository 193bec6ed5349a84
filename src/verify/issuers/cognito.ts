/**
 * Amazon Cognito user pools: where a pool's tokens come from and what tells its two kinds of token apart.
 */

import { ConfigError } from '../errors.ts'
import type { CognitoTrustedIssuer, JSONWebKeySet, TrustedIssuer } from '../types.ts'
import { readOptions, readStrings } from '../util/check-option.ts'
import type { CognitoAccessClaims, CognitoIdClaims } from './cognito-claims.ts'

/** What `cognito()` takes. */
export interface CognitoOptions<Use extends 'access' | 'id' | null = 'access' | 'id' | null> {
  /** The user pool's id, such as `eu-west-1_Example`. */
  readonly userPoolId: string
  /**
   * The app client, or several: `client_id` of an access token, `aud` of an ID token.
   * Security: `null` switches the check off, so that tokens of every app client of the pool pass.
   */
  readonly clientId: string | readonly string[] | null
  /**
   * The kind of token. APIs take access tokens; ID tokens tell an app who signed in.
   * Security: `null` takes both, so that an ID token passes where an access token is meant.
   */
  readonly tokenUse: Use
  /**
   * The resource that an access token must be bound to (RFC 8707), checked beside `clientId`, never in its place.
   * @defaultValue not checked: most access tokens of Cognito have no `aud`
   */
  readonly audience?: string | readonly string[] | undefined
  /** Takes the place of Cognito's two issuer forms, for emulators, or to pin one form. */
  readonly issuer?: string | undefined
  /** Takes the place of `{issuer}/.well-known/jwks.json`. */
  readonly jwksUri?: string | undefined
  /** The pool's keys themselves: nothing is ever fetched then. */
  readonly jwks?: JSONWebKeySet | undefined
}

/** The claims of one kind of token. */
export type CognitoClaims<Use extends 'access' | 'id' | null> = Use extends 'access'
  ? CognitoAccessClaims
  : Use extends 'id'
    ? CognitoIdClaims
    : CognitoAccessClaims | CognitoIdClaims

const OPTIONS = ['userPoolId', 'clientId', 'tokenUse', 'audience', 'issuer', 'jwksUri', 'jwks']
type Kind = Pick<TrustedIssuer, 'tokenUse' | 'audience' | 'clientId'>
type Keys = Pick<TrustedIssuer, 'jwks' | 'jwksUri'>

// API reference, UserPoolType: Id
const USER_POOL_ID = /^[\w-]+_[0-9A-Za-z]+$/
const REGION = /^[a-z]{2,}(?:-[a-z]+)+-\d+$/

/**
 * Describes a Cognito user pool for `createVerifier`.
 *
 * Both issuer forms of the pool are accepted, each with its own keys, which are fetched when a token of that form is
 * seen. Only RS256 is, because Cognito signs with nothing else.
 *
 * @example
 * ```ts
 * createVerifier(
 *   cognito({ userPoolId: 'eu-west-1_Example', clientId: '1example23456789', tokenUse: 'access' }),
 * )
 * ```
 * @throws {@link ConfigError} that names the option that is wrong
 */
export function cognito<const Use extends 'access' | 'id' | null>(
  options: CognitoOptions<Use>,
): readonly CognitoTrustedIssuer<CognitoClaims<Use>>[] {
  const own = readOptions('cognito', options, OPTIONS)
  const { userPoolId, issuer } = own
  if (typeof userPoolId !== 'string' || !USER_POOL_ID.test(userPoolId)) {
    throw new ConfigError('"userPoolId" must be the id of a user pool, such as eu-west-1_Example')
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
    })),
  )
}

/** The original form, and the one that AWS recommends since user pools can be in several Regions. */
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

/** What is given counts as it is, and is checked with the rest; only where nothing is, the address is Cognito's own. */
function toKeys({ jwks, jwksUri }: CognitoOptions, issuer: string): Keys {
  if (jwks === undefined && jwksUri === undefined) {
    return { jwksUri: `${issuer}/.well-known/jwks.json` }
  }
  return { jwks, jwksUri }
}

/** What is asked of each kind of token that is accepted. */
function toKinds(options: CognitoOptions): readonly Kind[] {
  const clientId = readClientId(options.clientId)
  const audience = options.audience === undefined ? null : readStrings('audience', options.audience)
  const access: Kind = { tokenUse: 'access', audience, ...(clientId && { clientId }) }
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
