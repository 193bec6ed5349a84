/**
 * What a verifier asks of a request besides its token, for the adapters: they read it, and name it in challenges. It is stored on
 * the verifier under a symbol, so that a copy of the verifier with a wrapped `verify` has it too.
 */
import { readMember } from './error-details.ts'
import type { BindingSettings } from './proof/binding-settings.ts'
import type { Verifier } from './types.ts'

// shared by every copy of the package, as verifiers are, and by `slim/without/binding.ts`
// Stryker disable next-line StringLiteral: any other name that nobody else uses would do
const DEMANDS = Symbol.for('jwt-gate.demands.1')

/** What a verifier asks of a request. */
export interface Demands {
  /** `undefined`: it takes no DPoP proofs. */
  readonly dpop: { readonly algorithms: readonly string[]; readonly required: boolean } | undefined
  readonly mtls: boolean
}

/** Adds what a verifier asks for, if it asks for anything. */
export function withDemands<Claims>(
  verifier: Verifier<Claims>,
  binding: BindingSettings | undefined,
): Verifier<Claims> {
  if (binding === undefined) return verifier
  const { dpop, mtls } = binding
  const demands: Demands = {
    dpop: dpop && { algorithms: [...dpop.algorithms], required: dpop.required },
    mtls,
  }
  return Object.assign(verifier, { [DEMANDS]: demands })
}

/** What a verifier asks of a request; `undefined` for nothing but its token. */
export function demandsOf(verifier: Verifier<unknown>): Demands | undefined {
  const demands = readMember(verifier, DEMANDS)
  return typeof demands === 'object' && demands !== null ? (demands as Demands) : undefined
}
