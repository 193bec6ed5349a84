/**
 * Replaces what checks proofs of possession in the zip, to make a cold start faster. No variable asks for a proof there, so the core
 * rejects bound tokens as it does without `dpop` and `mtls`, and none of these functions gets further.
 */
import { ConfigError } from '../verify/index.ts'

export class Binding {
  constructor() {
    throw unavailable()
  }
}

export function readBinding(dpop: unknown, mtls: unknown): undefined {
  if (dpop !== undefined || mtls !== undefined) throw unavailable()
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
  return new ConfigError('"dpop" and "mtls" cannot be set here')
}
