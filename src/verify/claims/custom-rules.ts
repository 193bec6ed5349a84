/**
 * Applies the user's claims schema and `check`. If they are asynchronous, the result is a promise, otherwise a value.
 */
import { ConfigError, isJwtGateError, TokenError } from '../errors.ts'
import type { StandardSchemaResult, StandardSchemaV1 } from '../standard-schema.ts'
import type { JsonObject } from '../token/json.ts'
import type { VerifiedToken, VerifierOptions } from '../types.ts'
import { ignoreRejection, isPromise, settle } from '../util/promises.ts'

/** Returns the output of the schema. @throws {@link TokenError} `ERR_TOKEN_CHECK` if it reports issues or throws */
export function applySchema(
  schema: StandardSchemaV1,
  payload: JsonObject,
): unknown | Promise<unknown> {
  return onThrow(rejectWith, () => {
    const result = schema['~standard'].validate(payload)
    if (!isPromise(result)) return toClaims(result)
    return settle('claims', result).then((value) =>
      toClaims(value as StandardSchemaResult<unknown>),
    )
  })
}

/**
 * Calls the user's `check`.
 * @throws {@link TokenError} `ERR_TOKEN_CHECK` if it returns `false`; the error of this library that it throws
 * @throws {@link ConfigError} for any other error: `check` has failed, which says nothing about the token
 */
export function applyCheck(
  check: NonNullable<VerifierOptions<unknown>['check']>,
  verified: VerifiedToken<unknown>,
): void | Promise<void> {
  return onThrow(hasFailed, () => {
    const result: unknown = check(verified)
    return isPromise(result) ? settle('check', result).then(rejectFalse) : rejectFalse(result)
  })
}

/** A caller that cannot wait gets an error that names the asynchronous option instead. */
export function waitUnless<T>(isSync: boolean, option: string, promise: Promise<T>): Promise<T> {
  if (isSync) atOnce(option, promise)
  return promise
}

/** What a caller that cannot wait gets. @throws {@link ConfigError} that names the option, if it is asynchronous */
export function atOnce<T>(option: string, outcome: T | Promise<T>): T {
  if (!isPromise(outcome)) return outcome
  ignoreRejection(outcome)
  throw cannotWait(option)
}

/** For callers that cannot wait. */
export function cannotWait(option: string): ConfigError {
  return new ConfigError(
    `"${option}" is asynchronous, which verifySync() cannot wait for: use verify()`,
  )
}

/** A schema that accepts any name reports names of the token: such a name must be harmless in a log. */
const PLAIN_NAME = /^[\w:./-]{1,100}$/

/** Issues may quote claim values, so the error contains only the name of the first invalid claim. */
function toClaims(result: StandardSchemaResult<unknown>): unknown {
  // a result with neither member does not come from a schema
  if (result.issues === undefined && 'value' in result) return result.value
  const [first] = result.issues[0]?.path ?? []
  const claim = typeof first === 'object' ? first.key : first
  throw new TokenError('ERR_TOKEN_CHECK', {
    reason: 'schema',
    claim: typeof claim === 'string' && PLAIN_NAME.test(claim) ? claim : undefined,
  })
}

/** A `check` that returns `false` rejects the token. */
function rejectFalse(result: unknown): void {
  if (result === false) throw new TokenError('ERR_TOKEN_CHECK')
}

function onThrow<T>(handle: (error: unknown) => never, rule: () => T | Promise<T>): T | Promise<T> {
  try {
    const result = rule()
    return isPromise(result) ? result.catch(handle) : result
  } catch (error) {
    return handle(error)
  }
}

function rejectWith(error: unknown): never {
  if (isJwtGateError(error)) throw error
  throw new TokenError('ERR_TOKEN_CHECK', { cause: error })
}

function hasFailed(error: unknown): never {
  if (isJwtGateError(error)) throw error
  throw new ConfigError(
    '"check" failed: to reject a token, throw a TokenError or an AccessError, or return false',
    { cause: error },
  )
}
