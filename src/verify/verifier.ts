/**
 * What users hold: a verifier, whose functions can be passed around on their own.
 */
import { withDemands } from './demands.ts'
import { Engine } from './engine.ts'
import { type VerifyNow, withFastPath } from './fast-path.ts'
import { ListedIssuers } from './issuers/listed-issuers.ts'
import { ResolvedIssuers } from './issuers/resolved-issuers.ts'
import type { VerifierParts } from './parts.ts'
import type { ClaimsOf, Trusted, VerifiedToken, Verifier, VerifierOptions } from './types.ts'
import { readVerifierOptions } from './verifier-options.ts'

/**
 * Makes a verifier.
 *
 * @example
 * ```ts
 * const verifier = createVerifier({ issuer: 'https://idp.example', audience: 'https://api.example' })
 * const { claims } = await verifier.verify(token)
 * ```
 * @param trusted - the issuers whose tokens are accepted
 * @throws {@link ConfigError} that names the option that is wrong
 */
export function createVerifier<const T extends Trusted>(
  trusted: T,
  options?: VerifierOptions<NoInfer<ClaimsOf<T>>>,
): Verifier<ClaimsOf<T>> {
  const settings = readVerifierOptions(options)
  const issuers =
    typeof trusted === 'function'
      ? new ResolvedIssuers(trusted, settings)
      : new ListedIssuers(trusted, settings)
  const engine = new Engine(issuers, settings)
  const parts: VerifierParts = { issuers, settings }
  const verifier: Verifier<ClaimsOf<T>> = {
    verify: withFastPath(
      (token, presented) => engine.verify(token, presented) as Promise<VerifiedToken<ClaimsOf<T>>>,
      (token, presented) =>
        engine.verifyNow(token, presented) as ReturnType<VerifyNow<ClaimsOf<T>>>,
      parts,
    ),
    verifySync: (token, presented) =>
      engine.verifySync(token, presented) as VerifiedToken<ClaimsOf<T>>,
    hydrate: () => engine.hydrate(),
    settled: () => engine.settled(),
    close: () => engine.close(),
  }
  return withDemands(verifier, settings.binding)
}
