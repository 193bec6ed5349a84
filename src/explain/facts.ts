/**
 * What is known about a token. The causes are made of it.
 */
import type { JsonObject, Profile, VerificationKey } from '../verify/explain-kit.ts'
import type { Judged } from './checks/judge.ts'
import type { Elsewhere } from './elsewhere.ts'
import type { RevokedBy } from './watched-list.ts'

export interface Facts {
  readonly token: unknown
  /** If none was read from a request, where else the request has one. */
  readonly elsewhere: Elsewhere | undefined
  /** The unverified header and payload; empty if the token is not well-formed. */
  readonly header: JsonObject
  readonly payload: JsonObject
  /** The length of the signature, in bytes. */
  readonly signatureBytes: number
  /** Whether the signature begins like a DER sequence. */
  readonly isDer: boolean
  /** The conditions of the token's issuer; `undefined` if it is not trusted. */
  readonly profile: Profile | undefined
  /** The same, or the conditions of the trusted issuer that is most like the token's. */
  readonly nearest: Profile | undefined
  readonly key: VerificationKey | undefined
  /** The kind of entry that has revoked the token, if that is certain. */
  readonly revokedBy: RevokedBy | undefined
  /** The trusted issuers; empty if a function finds them. */
  readonly trusted: readonly string[]
  readonly nowSeconds: number
  readonly checks: readonly Judged[]
}

/** A token that was examined, and what `verify` or `authorize` has thrown for it; `undefined` if it is accepted. */
export interface Examined {
  readonly facts: Facts
  readonly error: unknown
}

/** What is known about anything that was sent. */
export function factsOfText(token: unknown, nowSeconds: number): Facts {
  return {
    ...{ token, nowSeconds, header: {}, payload: {}, signatureBytes: 0, isDer: false },
    ...{ profile: undefined, nearest: undefined, key: undefined, trusted: [], checks: [] },
    ...{ revokedBy: undefined, elsewhere: undefined },
  }
}
