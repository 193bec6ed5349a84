/**
 * What users add: a schema for the claims, and a rule of their own. Both may be asynchronous; then the answer is a
 * promise, and only then.
 */
import { ConfigError, isJwtGateError, TokenError } from '../errors.ts'
import type { StandardSchemaResult, StandardSchemaV1 } from '../standard-schema.ts'
import type { JsonObject } from '../token/json.ts'
import type { VerifiedToken, VerifierOptions } from '../types.ts'
import { isPromise, settle } from '../util/promises.ts'

/** What a schema makes of the claims. @throws {@link TokenError} `ERR_TOKEN_CHECK` */
export function applySchema(
  schema: StandardSchemaV1,
  payload: JsonObject,
): unknown | Promise<unknown> {
  return refuseOnThrow(() => {
    const result = schema['~standard'].validate(payload)
    if (!isPromise(result)) return toClaims(result)
    return settle('claims', result).then((value) =>
      toClaims(value as StandardSchemaResult<unknown>),
    )
  })
}

/** Asks the user's rule. @throws {@link TokenError} `ERR_TOKEN_CHECK`, or the error of this library that it throws */
export function applyCheck(
  check: NonNullable<VerifierOptions<unknown>['check']>,
  verified: VerifiedToken<unknown>,
): void | Promise<void> {
  return refuseOnThrow(() => {
    const result: unknown = check(verified)
    return isPromise(result) ? settle('check', result).then(refuseFalse) : refuseFalse(result)
  })
}

/** For callers that cannot wait. */
export function cannotWait(option: string): ConfigError {
  return new ConfigError(
    `"${option}" is asynchronous, which verifySync() cannot wait for: use verify()`,
  )
}

/** The issues may quote what the claims hold, so only the name of the first claim that was wrong is told. */
function toClaims(result: StandardSchemaResult<unknown>): unknown {
  // what has neither is no answer of a schema, but of a function that was taken for one
  if (result.issues === undefined && 'value' in result) return result.value
  const [first] = result.issues[0]?.path ?? []
  const claim = typeof first === 'object' ? first.key : first
  throw new TokenError('ERR_TOKEN_CHECK', {
    reason: 'schema',
    claim: typeof claim === 'string' ? claim : undefined,
  })
}

/** Who answers `false` means to refuse. */
function refuseFalse(result: unknown): void {
  if (result === false) throw new TokenError('ERR_TOKEN_CHECK')
}

function refuseOnThrow<T>(rule: () => T | Promise<T>): T | Promise<T> {
  try {
    const result = rule()
    return isPromise(result) ? result.catch(refuse) : result
  } catch (error) {
    return refuse(error)
  }
}

function refuse(error: unknown): never {
  if (isJwtGateError(error)) throw error
  throw new TokenError('ERR_TOKEN_CHECK', { cause: error })
}
