/**
 * Errors that a user's functions may throw, with members that are not what they seem.
 */
import { AccessError, ConfigError, KeysError } from 'jwt-gate'

/** The error, and the status that the client gets. */
export type Hostile = readonly [title: string, make: () => unknown, status: number]

/** An error with this member. */
function having<E extends object>(error: E, member: string, value: unknown): E {
  return Object.defineProperty(error, member, { value, enumerable: true, configurable: true })
}

/** An error with a member that throws when it is read. */
function guarding<E extends object>(error: E, member: string, thrown: unknown = 'route'): E {
  return Object.defineProperty(error, member, {
    get: () => {
      throw thrown
    },
    enumerable: true,
  })
}

export const denied = (): AccessError => new AccessError('ERR_ACCESS_SCOPE', { scopes: ['a', 'b'] })
const outage = (): KeysError => new KeysError('ERR_JWKS_UNAVAILABLE', { retryAfterSeconds: 7 })

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

export const trap = (name: keyof ProxyHandler<object>, target: object = denied()): object =>
  new Proxy(target, {
    [name]: () => {
      throw 'route'
    },
  })

/** Errors of this library's classes. */
export const OURS: readonly Hostile[] = [
  [
    'scopes that are a string',
    () => new AccessError('ERR_ACCESS_SCOPE', { scopes: 'text' as never }),
    403,
  ],
  ['scopes that are numbers', () => having(denied(), 'scopes', [1, 2]), 403],
  ['scopes that are symbols', () => having(denied(), 'scopes', [Symbol('x')]), 403],
  ['scopes that throw when read', () => guarding(denied(), 'scopes'), 403],
  ['a scope that throws when read', () => having(denied(), 'scopes', guarding(['a'], '0')), 403],
  ['scopes that are a proxy', () => having(denied(), 'scopes', trap('get', [])), 403],
  ['scopes that are a revoked proxy', () => having(denied(), 'scopes', revoked()), 403],
  ['scopes that would break the header', () => having(denied(), 'scopes', ['a"\r\nX-Y: z']), 403],
  ['a message that is no string', () => having(denied(), 'message', { toString: 7 }), 403],
  ['a message that is a symbol', () => having(denied(), 'message', Symbol('x')), 403],
  ['a message that throws when read', () => guarding(denied(), 'message'), 403],
  ['a name that throws when read', () => guarding(denied(), 'name'), 403],
  ['a stack that throws when read', () => guarding(denied(), 'stack'), 403],
  ['a cause that throws when read', () => having(denied(), 'cause', revoked()), 403],
  ['headers that throw when read', () => guarding(denied(), 'headers'), 403],
  ['headers that are a string', () => having(denied(), 'headers', 'text'), 403],
  ['headers that cannot be sent', () => having(denied(), 'headers', { 'a b': 'c\r\n' }), 403],
  ['another statusCode', () => having(denied(), 'statusCode', 200), 403],
  ['a claim that throws when read', () => guarding(denied(), 'claim'), 403],
  ['no extensions', () => Object.freeze(denied()), 403],
  ['a Retry-After that is text', () => having(outage(), 'retryAfterSeconds', 'x\r\n'), 503],
  ['a Retry-After that is infinite', () => having(outage(), 'retryAfterSeconds', Infinity), 503],
  ['a Retry-After that is negative', () => having(outage(), 'retryAfterSeconds', -5), 503],
  ['a Retry-After that throws when read', () => guarding(outage(), 'retryAfterSeconds'), 503],
  ['a status of success', () => having(denied(), 'status', 200), 500],
  ['a status of redirection', () => having(denied(), 'status', 302), 500],
  ['a status that does not exist', () => having(denied(), 'status', 99_999), 500],
  ['a status with a fraction', () => having(denied(), 'status', 401.5), 500],
  ['a status that is a string', () => having(denied(), 'status', '401'), 500],
  ['a status that is missing', () => having(denied(), 'status', undefined), 500],
  ['a status that throws when read', () => guarding(denied(), 'status'), 500],
  ['a code that is no string', () => having(denied(), 'code', 7), 500],
  ['a code that throws when read', () => guarding(denied(), 'code', undefined), 500],
  ['a proxy that throws on every read', () => trap('get'), 500],
  ['a ConfigError', () => new ConfigError('"x" must be a string'), 500],
]

/** Other values. If a user's check throws one, the request is rejected. */
const NONE_OF_OURS: readonly [string, () => unknown][] = [
  ['nothing', () => undefined],
  ['a string with a meaning in Express', () => 'route'],
  ['an error', () => new RangeError('x')],
  ['a function', () => () => undefined],
  ['a revoked proxy', revoked],
  ['a proxy that throws for the in operator', () => trap('has', new Error('x'))],
  ['a proxy that throws when its prototype is read', () => trap('getPrototypeOf', new Error('x'))],
  ['a status that throws when read', () => guarding(new Error('x'), 'status')],
  ['headers that throw when read', () => guarding(new Error('x'), 'headers')],
  ['headers that cannot be sent', () => having(new Error('x'), 'headers', { 'a b': 'c\r\n' })],
  ['a stack that throws when read', () => guarding(new Error('x'), 'stack')],
  [
    'a cause that throws when read',
    () => new Error('x', { cause: guarding(new Error('y'), 'name') }),
  ],
  [
    'itself as its cause',
    () => {
      const error = new Error('x')
      return having(error, 'cause', error)
    },
  ],
]

/** As {@link OURS}, if the error handler gets the error unchanged. */
export const FOREIGN: readonly Hostile[] = NONE_OF_OURS.map(([title, make]) => [
  `none of ours: ${title}`,
  make,
  500,
])

export function fail(make: () => unknown): never {
  throw make()
}
