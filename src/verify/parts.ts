/**
 * What a verifier is made of, for `jwt-gate/explain` alone. It is stored on the `verify` function under a symbol, together with the
 * function that it belongs to, so that it never describes another one, such as a wrapper that has copied its properties.
 */
import type { Issuers } from './issuers/issuers.ts'
import type { Verifier } from './types.ts'
import type { VerifierSettings } from './verifier-options.ts'

// shared by every copy of the package, as verifiers are; a version that stores something else uses another name
// Stryker disable next-line StringLiteral: any other name that nobody else uses would do
const PARTS = Symbol.for('jwt-gate.parts.1')

/** The trusted issuers with their keys, and the settings, of a verifier. */
export interface VerifierParts {
  readonly issuers: Issuers
  readonly settings: VerifierSettings
}

/** Adds the parts to a verifier's own `verify`. */
export function withParts<Verify extends object>(
  verify: Verify,
  issuers: Issuers,
  settings: VerifierSettings,
): Verify {
  return Object.defineProperty(verify, PARTS, { value: { verify, issuers, settings } })
}

/** The parts of a verifier; `undefined` if its `verify` is not its own. */
export function partsOf({ verify }: Pick<Verifier<unknown>, 'verify'>): VerifierParts | undefined {
  const parts = (verify as { [PARTS]?: VerifierParts & { verify: unknown } })[PARTS]
  return parts?.verify === verify ? parts : undefined
}
