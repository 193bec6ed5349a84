/**
 * Converts environment variables to the arguments of `createVerifier` and `createAuthorizer`. Omitting a variable never turns off
 * a check, and a variable without effect is rejected.
 */
import type { AuthorizerOptions } from '../lambda-authorizer/index.ts'
import { type CognitoOptions, ConfigError, cognito, type Trusted } from '../verify/index.ts'
import { LISTED, nameVariables } from './name-variables.ts'
import { type ListedIssuer, VARIABLES, type Variable, type VariableName } from './variables.ts'

/** Variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The trusted issuers, and the options of the authorizer. */
export interface StandaloneSettings {
  readonly values: Values
  readonly trusted: Trusted
  /** Whether the issuers are from `JWT_GATE_ISSUERS`. */
  readonly isList: boolean
  readonly authorizer: AuthorizerOptions
}

type ValueOf<Name extends VariableName> =
  (typeof VARIABLES)[Name] extends Variable<infer Value> ? Value : never
/** What the variables contain. */
export type Values = { readonly [Name in VariableName]?: ValueOf<Name> }

const PREFIX = /^jwt_gate_/i
const OF_ONE_ISSUER = [
  'JWT_GATE_USER_POOL_ID',
  'JWT_GATE_CLIENT_ID',
  'JWT_GATE_TOKEN_USE',
  'JWT_GATE_ISSUER',
  'JWT_GATE_AUDIENCE',
  'JWT_GATE_ALGORITHMS',
  'JWT_GATE_JWKS_URI',
  'JWT_GATE_JWKS',
] as const

/** Reads the settings. @throws {@link ConfigError} that names the invalid variable, but never contains its value */
export function readEnvironment(env: Environment): StandaloneSettings {
  const values = readValues(env)
  const isList = values.JWT_GATE_ISSUERS !== undefined
  return {
    values,
    trusted: nameVariables(() => toTrusted(values), isList ? LISTED : undefined),
    isList,
    authorizer: toAuthorizerOptions(values),
  }
}

function readValues(env: Environment): Values {
  const values = Object.entries(env).flatMap(([name, text]) =>
    PREFIX.test(name) && text !== undefined ? [[name, readValue(name, text)]] : [],
  )
  return Object.fromEntries(values)
}

function readValue(name: string, text: string): unknown {
  if (!(name in VARIABLES)) {
    throw new ConfigError(
      `${name} is not a variable of this authorizer, which has: ${Object.keys(VARIABLES).join(', ')}`,
    )
  }
  const { read, takes, findFlaw }: Variable<unknown> = VARIABLES[name as VariableName]
  const value = read(text.trim())
  if (value === undefined) throw new ConfigError(`${name} must be ${takes}`)
  const flaw = findFlaw?.(text.trim())
  if (flaw !== undefined) throw new ConfigError(`${name} ${flaw}`)
  return value
}

function toTrusted(values: Values): Trusted {
  if (values.JWT_GATE_ISSUERS) return toList(values, values.JWT_GATE_ISSUERS)
  if (values.JWT_GATE_USER_POOL_ID) return toPools(values, values.JWT_GATE_USER_POOL_ID)
  if (values.JWT_GATE_ISSUER) return toIssuer(values, values.JWT_GATE_ISSUER)
  throw new ConfigError(
    'JWT_GATE_USER_POOL_ID or JWT_GATE_ISSUER must be set: it defines the trusted issuer. JWT_GATE_ISSUERS takes a list',
  )
}

function toList(values: Values, list: readonly ListedIssuer[]): Trusted {
  refuse(values, OF_ONE_ISSUER, 'cannot be set with JWT_GATE_ISSUERS: give it in the list')
  return list.map((entry) => (isPool(entry) ? cognito(entry) : entry))
}

function isPool(entry: ListedIssuer): entry is CognitoOptions {
  return Object.hasOwn(entry, 'userPoolId')
}

function toPools(values: Values, pools: readonly string[]): Trusted {
  const clientId = required(
    'JWT_GATE_CLIENT_ID',
    values.JWT_GATE_CLIENT_ID,
    'without it, tokens of every app client of the pool would pass',
  )
  const tokenUse = required(
    'JWT_GATE_TOKEN_USE',
    values.JWT_GATE_TOKEN_USE,
    'without it, an ID token would pass instead of an access token',
  )
  refuse(
    values,
    ['JWT_GATE_ALGORITHMS'],
    'cannot be set with JWT_GATE_USER_POOL_ID: user pools use RS256',
  )
  assertOnePool(values, pools)
  const { JWT_GATE_AUDIENCE: audience, JWT_GATE_ISSUER: issuer } = values
  const keys = { jwksUri: values.JWT_GATE_JWKS_URI, jwks: values.JWT_GATE_JWKS }
  return pools.map((userPoolId) =>
    cognito({ userPoolId, clientId, tokenUse, audience, issuer, ...keys }),
  )
}

/** Variables that replace the issuer or the keys of a pool are allowed only with a single pool. */
function assertOnePool(values: Values, pools: readonly string[]): void {
  if (pools.length > 1) {
    const ofOnePool = ['JWT_GATE_ISSUER', 'JWT_GATE_JWKS_URI', 'JWT_GATE_JWKS'] as const
    refuse(values, ofOnePool, 'can be set with one JWT_GATE_USER_POOL_ID only')
  }
  // with any other issuer, the user probably wants to trust both
  if (values.JWT_GATE_ISSUER?.endsWith(`/${pools[0]}`) === false) {
    throw new ConfigError(
      "JWT_GATE_ISSUER must end with / and the value of JWT_GATE_USER_POOL_ID: it replaces the pool's own issuer. To trust another issuer, omit JWT_GATE_USER_POOL_ID",
    )
  }
}

function toIssuer(values: Values, issuer: string): Trusted {
  const audience = required(
    'JWT_GATE_AUDIENCE',
    values.JWT_GATE_AUDIENCE,
    'without it, a token for any other service of this issuer would pass',
  )
  refuse(
    values,
    ['JWT_GATE_CLIENT_ID', 'JWT_GATE_TOKEN_USE'],
    'can be set with JWT_GATE_USER_POOL_ID only',
  )
  const keys = { jwksUri: values.JWT_GATE_JWKS_URI, jwks: values.JWT_GATE_JWKS }
  return { issuer, audience, algorithms: values.JWT_GATE_ALGORITHMS, ...keys }
}

function toAuthorizerOptions(values: Values): AuthorizerOptions {
  const { JWT_GATE_ACCESS: access, JWT_GATE_EXACT: exact } = values
  if (access === undefined) {
    refuse(values, ['JWT_GATE_EXACT'], 'can be set with JWT_GATE_ACCESS only')
  }
  if (values.JWT_GATE_DPOP === undefined) {
    refuse(values, ['JWT_GATE_BASE_PATH'], 'can be set with JWT_GATE_DPOP only')
  }
  if (values.JWT_GATE_MTLS !== true) {
    refuse(values, ['JWT_GATE_CERTIFICATE_HEADER'], 'can be set with JWT_GATE_MTLS=true only')
  }
  return {
    access,
    exact,
    policy: values.JWT_GATE_POLICY,
    response: values.JWT_GATE_RESPONSE,
    unauthorized: values.JWT_GATE_UNAUTHORIZED,
    token: values.JWT_GATE_TOKEN,
    basePath: values.JWT_GATE_BASE_PATH,
    trustedCertificateHeader: values.JWT_GATE_CERTIFICATE_HEADER,
  }
}

function required<Value>(name: VariableName, value: Value | undefined, why: string): Value {
  if (value === undefined) throw new ConfigError(`${name} must be set: ${why}`)
  return value
}

function refuse(values: Values, names: readonly VariableName[], why: string): void {
  const wrong = names.find((name) => values[name] !== undefined)
  if (wrong !== undefined) throw new ConfigError(`${wrong} ${why}`)
}
