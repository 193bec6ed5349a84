/**
 * The options that describe whom to trust: those of `createVerifier` and `cognito()`, in kebab case.
 */
import type {
  CognitoOptions,
  JwksOptions,
  TrustedIssuer,
  VerifierOptions,
} from '../../verify/index.ts'
import type { Option, OptionGroup, Options } from '../command.ts'

type IssuerOption = Exclude<keyof TrustedIssuer | keyof CognitoOptions, 'claims'>

/** The options of an issuer and of a user pool that can be written as text: all but `claims`, which is a schema. */
const ISSUER_OPTIONS: Readonly<Record<IssuerOption, Option>> = {
  issuer: {
    type: 'text',
    value: '<url>',
    help: 'The issuer, exactly as in "iss", with or without a slash at the end',
  },
  audience: { type: 'list', value: '<text>', help: 'An accepted "aud"; repeat it for several' },
  userPoolId: { type: 'text', value: '<id>', help: 'A Cognito user pool, in place of an issuer' },
  clientId: { type: 'list', value: '<id>', help: 'An accepted client; repeat it for several' },
  tokenUse: { type: 'text', value: 'access|id', help: 'The accepted "token_use" of Cognito' },
  jwksUri: {
    type: 'list',
    value: '<url>',
    help: 'Where the keys are, if discovery does not find them; repeat it for several',
  },
  jwks: {
    type: 'text',
    value: '<file>',
    help: 'A file with the keys (a JWK Set or PEM): nothing is fetched',
  },
  algorithms: {
    type: 'names',
    value: '<names>',
    help: 'Accepted algorithms, such as RS256,ES256 [default: all supported ones]',
  },
  tokenType: {
    type: 'text',
    value: '<type>',
    help: 'The accepted "typ": at+jwt (RFC 9068), JWT or another [default: none, JWT or at+jwt]',
  },
  clientIdClaim: {
    type: 'text',
    value: '<claim>',
    help: 'The claim with the client, such as cid [default: client_id, else azp]',
  },
  groupsClaim: {
    type: 'text',
    value: '<claim>',
    help: 'The claim with the groups, or a JSON Pointer [default: cognito:groups, else groups]',
  },
  requiredClaims: {
    type: 'names',
    value: '<claims>',
    help: 'Claims that must be present, such as sub,jti',
  },
  maxTokenAgeSeconds: { type: 'text', value: '<seconds>', help: 'The maximum age since "iat"' },
}

/** What `null` is in code: it has to be written out. */
const OPT_OUTS: Readonly<Partial<Record<IssuerOption, Option>>> = {
  audience: { type: 'flag', help: 'Do not check "aud": a token for any other service passes' },
  clientId: { type: 'flag', help: 'With --user-pool-id: accept every app client of the pool' },
  tokenUse: { type: 'flag', help: 'With --user-pool-id: accept access tokens and ID tokens' },
  tokenType: { type: 'flag', help: 'Do not check "typ": other kinds of JWT pass' },
}

type NetworkOption = Extract<keyof JwksOptions, 'timeoutMs' | 'insecureHosts'>
type OwnOption = Extract<keyof VerifierOptions, 'clockToleranceSeconds' | 'maxTokenBytes'>

const VERIFIER_OPTIONS: Readonly<Record<NetworkOption | OwnOption, Option>> = {
  clockToleranceSeconds: {
    type: 'text',
    value: '<seconds>',
    help: 'The accepted difference between clocks [default: 5]',
  },
  maxTokenBytes: {
    type: 'text',
    value: '<bytes>',
    help: 'Longer tokens are refused [default: 16384]',
  },
  timeoutMs: {
    type: 'text',
    value: '<ms>',
    help: 'The time limit for fetching keys [default: 5000]',
  },
  insecureHosts: {
    type: 'names',
    value: '<hosts>',
    help: 'Hosts to which plain http is allowed, besides loopback, such as keycloak',
  },
}

export function toKebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function toKebabOptions(options: Options): Options {
  return Object.fromEntries(Object.entries(options).map(([name, one]) => [toKebab(name), one]))
}

const optOuts = Object.entries(OPT_OUTS).map(([name, one]) => [`no-${toKebab(name)}`, one])

/** The options of a set-up, for the help. */
export const SETUP_GROUP: OptionGroup = {
  title: 'Set-up (the options of createVerifier and cognito)',
  options: {
    config: {
      type: 'text',
      value: '<file>',
      help: 'A module that exports a verifier, or what createVerifier takes [default: jwt-gate.config.js, if it is there and no other option of the set-up is given]',
    },
    ...toKebabOptions(ISSUER_OPTIONS),
    ...Object.fromEntries(optOuts),
    ...toKebabOptions(VERIFIER_OPTIONS),
  },
}

/** Each option of the library that a message may name, as the command line writes it. */
export const OPTION_NAMES: ReadonlyMap<string, string> = new Map([
  ...Object.keys({ ...ISSUER_OPTIONS, ...VERIFIER_OPTIONS }).map(toName),
  ...['timeoutMs', 'insecureHosts'].map((name): [string, string] => {
    const [, kebab] = toName(name)
    return [`jwks.${name}`, kebab]
  }),
])

function toName(name: string): [string, string] {
  return [name, `--${toKebab(name)}`]
}

/** The names of the options that describe an issuer, without `config` and those of the verifier. */
export const ISSUER_NAMES: readonly string[] = [
  ...Object.keys(ISSUER_OPTIONS).map(toKebab),
  ...optOuts.map(([name]) => name as string),
]
