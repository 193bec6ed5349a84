/**
 * What a verifier is made of, for explanations and for what names a delay. It is stored on its `verify` function, together with the
 * fast path, so that it never describes another verifier, such as a wrapper that has copied its properties.
 */
import { ownOf } from './fast-path.ts'
import type { Issuers } from './issuers/issuers.ts'
import type { Verifier } from './types.ts'
import type { VerifierSettings } from './verifier-options.ts'

/** The trusted issuers with their keys, and the settings, of a verifier. */
export interface VerifierParts {
  readonly issuers: Issuers
  readonly settings: VerifierSettings
}

/** The parts of a verifier; `undefined` if its `verify` is not its own. */
export function partsOf({ verify }: Pick<Verifier<unknown>, 'verify'>): VerifierParts | undefined {
  return ownOf(verify)?.parts as VerifierParts | undefined
}
