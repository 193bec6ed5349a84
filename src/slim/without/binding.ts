/**
 * Replaces what checks proofs of possession in slim builds. The core then rejects every bound token, as it does without `dpop` and
 * `mtls`, and reads nothing of a request but its token.
 */
import { ConfigError } from '../../verify/index.ts'

export { fail as Binding, fail as readEventUrl, fail as toEventPresented }

export function readBinding(dpop: unknown, mtls: unknown): void {
  if (dpop !== undefined || (mtls ?? false) !== false) fail()
}

export function confirmationsOf(): ReadonlySet<string> {
  return new Set()
}

/** No token lacks a proof. */
export function assertShowsProof(): void {}

export function withDemands<T>(verifier: T): T {
  return verifier
}

/** @throws {@link ConfigError} for a verifier of the full package that asks for more than a token, as `verify/demands.ts` marks it */
export function demandsOf(verifier: object): void {
  if (Symbol.for('jwt-gate.demands.1') in verifier) fail()
}

function fail(): never {
  throw new ConfigError(
    '"dpop" and "mtls" are not in jwt-gate/slim: import createVerifier from jwt-gate, and createAuthorizer from jwt-gate/lambda-authorizer',
  )
}
