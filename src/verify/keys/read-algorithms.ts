/**
 * Reads the algorithms that a configuration allows.
 */
import { ALGORITHM_RULES, ALGORITHMS, isAvailable } from '../algorithms.ts'
import { ConfigError } from '../errors.ts'
import { readStrings } from '../util/check-option.ts'

/** @returns every algorithm of this runtime for `undefined` @throws {@link ConfigError} for any other than these */
export function readAlgorithms(
  option: string,
  algorithms: readonly string[] | undefined,
): ReadonlySet<string> {
  if (algorithms === undefined) return new Set(ALGORITHMS.filter(isAvailable))
  const names = readStrings(option, algorithms)
  for (const name of names) {
    if (!ALGORITHM_RULES.has(name)) {
      throw new ConfigError(
        `"${option}" may contain ${ALGORITHMS.join(', ')}, but neither "none" nor "HS…"`,
      )
    }
    if (!isAvailable(name)) {
      throw new ConfigError(
        `"${option}" contains ${name}, which this version of Node does not support`,
      )
    }
  }
  return new Set(names)
}
