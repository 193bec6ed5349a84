/**
 * Makes a set-up of an unverified token, so that a developer without one sees what can be seen. Such a set-up trusts whom the token
 * names, so it can never accept a token.
 */
import { escapeText } from '../../terminal/escape.ts'
import { toSecureUrl } from '../../verify/adapter-kit.ts'
import { type CognitoOptions, cognito, type Trusted } from '../../verify/index.ts'
import { UsageError } from '../command.ts'
import { parseUnverified } from '../unverified-token.ts'

/** A set-up that the token itself describes. */
export interface AssumedSetup {
  readonly trusted: Trusted
  readonly issuer: string
  /** The options that would have to be set. */
  readonly options: readonly AssumedOption[]
}

export interface AssumedOption {
  /** As in the command line, without dashes. */
  readonly name: string
  /** Unverified. `null`: the token has no such claim, and `name` begins with `no-`. */
  readonly value: string | null
  /** The claim that it was taken from. */
  readonly claim: string
}

type Claims = Readonly<Record<string, unknown>>

const MAX_ISSUER_LENGTH = 2_048
// the two issuer forms of a user pool, in all partitions
const POOL =
  /^https:\/\/(?:issuer-)?cognito-idp\.[a-z0-9-]+\.amazonaws\.(?:com|com\.cn|eu)\/([\w-]+_[0-9A-Za-z]+)$/
/** An emulator, or the test issuer. */
const POOL_PATH = /\/([a-z]{2,}-[a-z-]+-\d_[0-9A-Za-z]+)$/

/**
 * Returns `undefined` if the text is no token: what is wrong with it needs no set-up.
 * @throws {@link UsageError} if the issuer is not one that may be asked
 */
export function assumeSetup(token: string): AssumedSetup | undefined {
  const parsed = parseUnverified(token)
  if (typeof parsed === 'string' || parsed.payload === undefined) return undefined
  const claims = parsed.payload
  const { iss } = claims
  const url =
    typeof iss === 'string' && iss.length <= MAX_ISSUER_LENGTH ? toSecureUrl(iss) : undefined
  if (url === undefined) {
    throw new UsageError(
      `The token's "iss" is no https URL, so its issuer cannot be asked (it is ${escapeText(JSON.stringify(iss) ?? 'absent', 100)}). Give the set-up: --issuer, --audience and --jwks-uri or --jwks`,
    )
  }
  const issuer = iss as string
  return assumePool(issuer, claims) ?? assumeIssuer(issuer, claims)
}

function assumeIssuer(issuer: string, { aud }: Claims): AssumedSetup {
  const audience = [aud].flat().find((one) => typeof one === 'string' && one !== '')
  const found = typeof audience === 'string' ? audience : null
  return {
    trusted: { issuer, audience: found },
    issuer,
    options: [
      { name: 'issuer', value: issuer, claim: 'iss' },
      { name: found === null ? 'no-audience' : 'audience', value: found, claim: 'aud' },
    ],
  }
}

/** A Cognito user pool; `undefined` if the token is not one of a pool. */
function assumePool(issuer: string, claims: Claims): AssumedSetup | undefined {
  const { token_use: tokenUse, client_id: client, aud } = claims
  if (tokenUse !== 'access' && tokenUse !== 'id') return undefined
  const ownId = POOL.exec(issuer)?.[1]
  const userPoolId = ownId ?? POOL_PATH.exec(issuer)?.[1]
  const claim = tokenUse === 'access' ? 'client_id' : 'aud'
  const clientId = tokenUse === 'access' ? client : aud
  if (userPoolId === undefined || typeof clientId !== 'string' || clientId === '') return undefined
  const options: CognitoOptions = {
    ...{ userPoolId, clientId, tokenUse },
    ...(ownId === undefined && { issuer }),
  }
  return {
    trusted: cognito(options),
    issuer,
    options: [
      { name: 'user-pool-id', value: userPoolId, claim: 'iss' },
      ...(ownId === undefined ? [{ name: 'issuer', value: issuer, claim: 'iss' }] : []),
      { name: 'client-id', value: clientId, claim },
      { name: 'token-use', value: tokenUse, claim: 'token_use' },
    ],
  }
}

// nothing that a shell reads in another way
const PLAIN = /^[\w.:/@+=,~-]+$/

/** The options as a command line. A value that a shell could read as something else is not repeated. */
export function toCommandLine(options: readonly AssumedOption[]): string {
  return options
    .map(({ name, value }) => {
      if (value === null) return `--${name}`
      const isPlain = PLAIN.test(value) && value.length <= 300 && !value.startsWith('-')
      return `--${name} ${isPlain ? value : `<${name}>`}`
    })
    .join(' ')
}
