/**
 * The environment variables of the standalone authorizer: the option that each one sets, and its format.
 */
import type { AuthorizerOptions, TokenSource } from '../lambda-authorizer/index.ts'
import type { Algorithm, CognitoOptions, JSONWebKeySet, TrustedIssuer } from '../verify/index.ts'
import { hasAmbiguousMembers } from './ambiguous-members.ts'

/** One variable. */
export interface Variable<Value> {
  /** The option of the library that it sets. */
  readonly option: string
  /** The expected value, as the text after "must be" in an error message. */
  readonly takes: string
  /** Parses the text; `undefined` if its format is wrong. The library validates the result as an option. */
  readonly read: (text: string) => Value | undefined
  /** Finds a flaw in a text that could be parsed, as the text after the name in an error message. */
  readonly findFlaw?: (text: string) => string | undefined
}

/** An entry of the list of issuers. One with `userPoolId` is a user pool, with the options of `cognito()`. */
export type ListedIssuer = TrustedIssuer | CognitoOptions

const SEVERAL = 'must be one value: for several issuers, set JWT_GATE_ISSUERS to a list of them'

/** All variables. */
export const VARIABLES = {
  JWT_GATE_USER_POOL_ID: list('userPoolId', 'the ID of a user pool, such as eu-west-1_Example'),
  JWT_GATE_CLIENT_ID: list('clientId', 'the ID of an app client'),
  JWT_GATE_TOKEN_USE: choice('tokenUse', { access: 'access', id: 'id' }),
  JWT_GATE_ISSUER: text('issuer', 'the issuer, exactly as in "iss"', /[,\s]|;\s*https?:|^[[{"]/i),
  JWT_GATE_ISSUERS: {
    ...json<readonly ListedIssuer[]>(
      'trusted',
      'a list of issuers as JSON: [{"issuer": "https://idp.example.com", "audience": "https://api.example.com"}]',
    ),
    read: (given) => {
      const value = parse(given)
      const isList = Array.isArray(value) && value.length > 0 && value.every(isObject)
      return isList ? (value as unknown as ListedIssuer[]) : undefined
    },
  } as Variable<readonly ListedIssuer[]>,
  JWT_GATE_AUDIENCE: list('audience', 'a value that "aud" must contain'),
  JWT_GATE_ALGORITHMS: list<Algorithm>('algorithms', 'an algorithm, such as RS256'),
  JWT_GATE_JWKS_URI: text('jwksUri', 'the https URL of the keys', /\s|[,;]\s*https?:|^[[{"]/i),
  JWT_GATE_JWKS: json<JSONWebKeySet>('jwks', 'the JWK Set as JSON: {"keys": [...]}'),
  JWT_GATE_ACCESS: json<NonNullable<AuthorizerOptions['access']>>(
    'access',
    'rules by route key as JSON: {"GET /orders/{id}": {"scopes": ["orders/read"]}}',
  ),
  JWT_GATE_EXACT: choice('exact', { true: true, false: false }),
  JWT_GATE_POLICY: choice('policy', { stage: 'stage', request: 'request' }),
  JWT_GATE_RESPONSE: choice('response', { policy: 'policy', simple: 'simple' }),
  JWT_GATE_UNAUTHORIZED: choice('unauthorized', { throw: 'throw', deny: 'deny' }),
  JWT_GATE_TOKEN: json<TokenSource>(
    'token',
    'the location of the token as JSON: {"query": "token"}',
  ),
  JWT_GATE_DPOP: object('dpop', 'options of "dpop" as JSON, without "replay": {"required": true}'),
  JWT_GATE_MTLS: choice('mtls', { true: true, false: false }),
  JWT_GATE_REVOCATIONS: object(
    'revocations',
    'options of createRevocations as JSON, without "store": {"whenStale": "refuse"}',
  ),
  JWT_GATE_TABLE: text('tableName', 'the name of a table of DynamoDB', /[,\s]/),
  JWT_GATE_BASE_PATH: text('basePath', 'the path of the API mapping, such as /v1', /[,\s]/),
  JWT_GATE_CERTIFICATE_HEADER: text(
    'trustedCertificateHeader',
    'the header in which your own proxy passes on the certificate',
    /[,\s]/,
  ),
} as const

export type VariableName = keyof typeof VARIABLES

/** @param several - finds a text that was meant as several values, but would be one that nothing equals */
function text(option: string, takes: string, several: RegExp): Variable<string> {
  return {
    option,
    takes,
    read: (given) => given || undefined,
    findFlaw: (given) => (several.test(given) ? SEVERAL : undefined),
  }
}

function list<Item extends string = string>(
  option: string,
  takes: string,
): Variable<readonly Item[]> {
  return {
    option,
    takes: `${takes}; separate several with commas, without duplicates`,
    read: (given) => {
      const items = given.split(',').map((item) => item.trim())
      const isGood = !items.includes('') && new Set(items).size === items.length
      return isGood ? (items as Item[]) : undefined
    },
  }
}

function choice<const Value>(
  option: string,
  choices: Readonly<Record<string, Value>>,
): Variable<Value> {
  const values = new Map(Object.entries(choices))
  return { option, takes: [...values.keys()].join(' or '), read: (given) => values.get(given) }
}

function json<Value>(option: string, takes: string): Variable<Value> {
  return { option, takes, read: (given) => parse(given) as Value | undefined, findFlaw }
}

function object(option: string, takes: string): Variable<Readonly<Record<string, unknown>>> {
  const read = (given: string): Readonly<Record<string, unknown>> | undefined => {
    const value = parse(given)
    return isObject(value) ? value : undefined
  }
  return { ...json(option, takes), read }
}

/** The message does not quote the text, which may be a secret that was pasted by mistake. */
function findFlaw(given: string): string | undefined {
  return hasAmbiguousMembers(given)
    ? 'must not contain a duplicate member of an object, or a member __proto__: it would have no effect'
    : undefined
}

/** The error of JSON.parse quotes the text, so it is dropped. */
function parse(given: string): unknown {
  try {
    return JSON.parse(given)
  } catch {
    // not JSON
  }
  return undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
