/**
 * Functions of the user that run once a token is verified.
 */
import { readFunction } from '../../verify/adapter-kit.ts'
import { ConfigError, isJwtGateError, type VerifiedToken } from '../../verify/index.ts'

/** A function of the user. The caller checks the return value. */
export type UserFunction = (verified: VerifiedToken<unknown>) => unknown

/**
 * Reads a function whose errors name its option: they say nothing about the token.
 * @throws {@link ConfigError} for any other value
 */
export function readUserFunction(option: string, given: unknown): UserFunction | undefined {
  const call = readFunction(option, given as UserFunction | undefined)
  return call && ((verified) => callNamed(option, call, verified))
}

function callNamed(option: string, call: UserFunction, verified: VerifiedToken<unknown>): unknown {
  try {
    return call(verified)
  } catch (cause) {
    if (isJwtGateError(cause)) throw cause
    throw new ConfigError(`"${option}" failed`, { cause })
  }
}
