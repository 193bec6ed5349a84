/**
 * Replaces the options in the library's error messages with environment variables, because a user of the standalone authorizer
 * only knows its variables.
 */
import {
  type AccessRule,
  type CognitoOptions,
  ConfigError,
  type TrustedIssuer,
} from '../verify/index.ts'
import { VARIABLES } from './variables.ts'

const ACCESS = 'JWT_GATE_ACCESS'
const REVOCATIONS = 'JWT_GATE_REVOCATIONS'
const RULE_MEMBERS = Object.keys({
  scopes: true,
  anyScope: true,
  groups: true,
  allGroups: true,
  claims: true,
  acr: true,
  maxAuthAgeSeconds: true,
  check: true,
} satisfies Record<keyof AccessRule, true>)

const NAMES: ReadonlyMap<string, string> = new Map([
  ...Object.entries(VARIABLES).map(([name, { option }]): [string, string] => [option, name]),
  ...RULE_MEMBERS.map((member): [string, string] => [member, `"${member}" in ${ACCESS}`]),
  ['rule', `a rule in ${ACCESS}`],
])

const LIST = 'JWT_GATE_ISSUERS'
const ISSUER_OPTIONS = Object.keys({
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
} satisfies Record<keyof TrustedIssuer | keyof CognitoOptions, true>)
/** For the issuers of `JWT_GATE_ISSUERS`. */
export const LISTED: ReadonlyMap<string, string> = new Map([
  ...ISSUER_OPTIONS.map((option): [string, string] => [option, `"${option}" in ${LIST}`]),
  ...['the first argument of createVerifier()', 'cognito()'].map((place): [string, string] => [
    place,
    `an entry of ${LIST}`,
  ]),
])

/** For `createRevocations`. */
export const NAMES_OF_REVOCATIONS: ReadonlyMap<string, string> = new Map([
  ['createRevocations()', REVOCATIONS],
  ['tableName', 'JWT_GATE_TABLE'],
  ...['whenStale', 'refreshMs', 'maxStaleMs', 'max'].map((option): [string, string] => [
    option,
    `"${option}" in ${REVOCATIONS}`,
  ]),
])

// the name of an unknown option stays as it is; a function is not quoted
const QUOTED =
  /"(\w+)(?:\.([\w.]+))?"(?! is not an option of)|(?<= of )(?:the first argument of )?\w+\(\)/g

/**
 * Calls a function whose options come from variables.
 * @param names - what takes the place of each option
 * @throws {@link ConfigError} that names the invalid variable
 */
export function nameVariables<T>(make: () => T, names = NAMES): T {
  try {
    return make()
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigError(rename(error.message, names)) : error
  }
}

function rename(message: string, names: ReadonlyMap<string, string>): string {
  return message.replace(QUOTED, (quoted: string, option?: string, member?: string) => {
    const name = names.get(option ?? quoted)
    // "jwks.insecureHosts" is an option of the verifier, which no variable sets
    const isOfVerifier = member !== undefined && (names === LISTED || option === 'jwks')
    if (name === undefined || isOfVerifier) return quoted
    return member === undefined ? name : `"${member}" in ${name}`
  })
}
