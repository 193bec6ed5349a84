/**
 * Explains why a token was accepted or rejected: the outcome of the engine, every check beside it, and the probable causes.
 */
import type { Verifier } from '../verify/index.ts'
import { examine } from './examine.ts'
import type { ExplainOptions, Explanation } from './explanation.ts'
import { toExplanation } from './to-explanation.ts'

/**
 * Explains why a verifier accepts or rejects a token. Makes every check, without stopping at the first that fails. The verdict and
 * the code are those of `verify`, and of `authorize` if `access` is given. Keys are fetched under the same limits.
 *
 * Security: the result quotes the unverified token. It is for the developer's eyes: never send it to a client, or to a log that
 * others read. It contains no part of the signature.
 *
 * @example
 * ```ts
 * console.error(formatExplanation(await explain(verifier, token)))
 * ```
 * @param verifier - the return value of `createVerifier`
 * @param token - the token, without the scheme `Bearer`. It may be anything: the promise rejects for no token
 * @param options - the clock, and an access rule
 * @returns the verdict, the checks and the causes
 * @throws {@link ConfigError} `ERR_CONFIG_INVALID` that names the invalid option
 */
export async function explain<Claims>(
  verifier: Verifier<Claims>,
  token: unknown,
  options: ExplainOptions<NoInfer<Claims>> = {},
): Promise<Explanation> {
  const { facts, error } = await examine(verifier, token, options)
  return toExplanation(facts, error)
}
