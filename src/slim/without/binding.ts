/**
 * Replaces what checks proofs of possession in slim builds. The core then rejects every bound token, as it does without `dpop` and
 * `mtls`, and no other function here is ever called.
 */
import { ConfigError } from '../../verify/index.ts'

export class Binding {
  constructor() {
    throw unavailable()
  }
}

export function readBinding(dpop: unknown, mtls: unknown): undefined {
  if (dpop !== undefined || (mtls ?? false) !== false) throw unavailable()
}

export function confirmationsOf(): ReadonlySet<string> {
  return new Set()
}

export function withDemands<T>(verifier: T): T {
  return verifier
}

/** Without demands, adapters read nothing of a request but its token. */
export function demandsOf(): undefined {
  return undefined
}

export function toEventPresented(): never {
  throw unavailable()
}

export function readEventUrl(): never {
  throw unavailable()
}

function unavailable(): ConfigError {
  return new ConfigError(
    '"dpop" and "mtls" are not options of jwt-gate/slim: import createVerifier from jwt-gate',
  )
}
