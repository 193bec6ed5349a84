/**
 * The variables that set the standalone authorizer up: which option each one stands for, and what it takes.
 */

import type { AuthorizerOptions, TokenSource } from '../lambda-authorizer/index.ts'
import type { Algorithm, JSONWebKeySet } from '../verify/index.ts'
import { hasAmbiguousMembers } from './ambiguous-members.ts'

/** One variable. */
export interface Variable<Value> {
  /** The option of the library that it stands for. */
  readonly option: string
  /** What it takes, in words that come after "must be". */
  readonly takes: string
  /** Answers `undefined` where the text is not what it takes. Options are checked further where they are used. */
  readonly read: (text: string) => Value | undefined
  /** What is wrong with a text that could be read, in words that come after the name. */
  readonly findFlaw?: (text: string) => string | undefined
}

/** Every variable there is. */
export const VARIABLES = {
  JWT_GATE_USER_POOL_ID: list('userPoolId', 'the id of a user pool, such as eu-west-1_Example'),
  JWT_GATE_CLIENT_ID: list('clientId', 'the id of an app client'),
  JWT_GATE_TOKEN_USE: choice('tokenUse', { access: 'access', id: 'id' }),
  JWT_GATE_ISSUER: text('issuer', 'the issuer, exactly as "iss" has it'),
  JWT_GATE_AUDIENCE: list('audience', 'what "aud" must hold'),
  JWT_GATE_ALGORITHMS: list<Algorithm>('algorithms', 'an algorithm, such as RS256'),
  JWT_GATE_JWKS_URI: text('jwksUri', 'the https URL of the keys'),
  JWT_GATE_JWKS: json<JSONWebKeySet>('jwks', 'the keys themselves as JSON: {"keys": [...]}'),
  JWT_GATE_ACCESS: json<NonNullable<AuthorizerOptions['access']>>(
    'access',
    'rules by route key as JSON: {"GET /orders/{id}": {"scopes": ["orders/read"]}}',
  ),
  JWT_GATE_EXACT: choice('exact', { true: true, false: false }),
  JWT_GATE_POLICY: choice('policy', { stage: 'stage', request: 'request' }),
  JWT_GATE_RESPONSE: choice('response', { policy: 'policy', simple: 'simple' }),
  JWT_GATE_UNAUTHORIZED: choice('unauthorized', { throw: 'throw', deny: 'deny' }),
  JWT_GATE_TOKEN: json<TokenSource>('token', 'where the token is as JSON: {"query": "token"}'),
} as const

export type VariableName = keyof typeof VARIABLES

function text(option: string, takes: string): Variable<string> {
  return { option, takes, read: (given) => given || undefined }
}

function list<Item extends string = string>(
  option: string,
  takes: string,
): Variable<readonly Item[]> {
  return {
    option,
    takes: `${takes}; several with commas between them, each once`,
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

/** No text of it is repeated: it may be what somebody pasted here by mistake. */
function findFlaw(given: string): string | undefined {
  return hasAmbiguousMembers(given)
    ? 'must not name a member of an object twice, and none __proto__: it would not count'
    : undefined
}

/** What JSON.parse throws quotes the text, so it is not kept. */
function parse(given: string): unknown {
  try {
    return JSON.parse(given)
  } catch {
    // no JSON
  }
  return undefined
}
