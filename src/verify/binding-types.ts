/**
 * The public types of proof of possession: what a verifier asks for, and what a request presents.
 */
import type { Algorithm } from './algorithms.ts'

/** Keeps ids for a time. `jwt-gate/stores` has one for a process, and others for Redis, Valkey and DynamoDB. */
export interface ReplayStore {
  /**
   * Claims an id. Only the first claim of an id succeeds, also among processes that share the store.
   *
   * @example
   * ```ts
   * const isNew = await store.claim(id, 120)
   * ```
   * @param id - a digest, so that nobody chooses the key under which it is stored
   * @param seconds - how long the id counts
   * @returns `true` for the first claim, `false` for every other
   * @throws any error if the store cannot decide: the request is then rejected with `ERR_STORE_UNAVAILABLE` (503)
   */
  claim(id: string, seconds: number): boolean | Promise<boolean>
}

/** A secret of at least 32 bytes, such as `randomBytes(32)`. Text counts in UTF-8. */
export type Secret = string | Uint8Array

/** How nonces are made (RFC 9449 s9). They are stateless: every server with the same secret accepts them. */
export interface NonceOptions {
  /** The first secret makes nonces, and all of them verify. To change it, put the new one first, and remove the old one later. */
  readonly secret: Secret | readonly Secret[]
  /** The maximum age of a nonce, in seconds. It is accepted for at least half of this time. At most 86,400. @defaultValue 300 */
  readonly lifetimeSeconds?: number | undefined
}

/** What DPoP proofs must meet (RFC 9449 s4.3). */
export interface DpopOptions {
  /**
   * Where the ids of proofs are kept, so that each proof is accepted once (RFC 9449 s11.1). From `jwt-gate/stores`.
   *
   * Security: `memoryReplayStore` knows one process. Behind several, a proof passes once in each of them.
   */
  readonly replay: ReplayStore
  /** `true`: tokens that are not bound to a DPoP key are rejected. @defaultValue false */
  readonly required?: boolean | undefined
  /**
   * Nonces of this server. With them, a proof cannot be made in advance (RFC 9449 s11.2).
   * @defaultValue proofs need no nonce
   */
  readonly nonce?: NonceOptions | undefined
  /**
   * The maximum age of a proof, in seconds since its `iat`; `clockToleranceSeconds` is added on both sides. At most 3,600.
   *
   * Security: a proof that somebody has made in advance is good for this long.
   * @defaultValue 60
   */
  readonly maxAgeSeconds?: number | undefined
  /** The accepted values of `alg` in proofs. They are included in every challenge. @defaultValue every supported algorithm */
  readonly algorithms?: readonly Algorithm[] | undefined
}

/** What a request presents besides its token. The adapters fill it in. */
export interface Presented {
  /** The scheme of the `Authorization` header, in any case: `Bearer` or `DPoP`. */
  readonly scheme: string
  /** The value of the `DPoP` header; a list if the request has several. @defaultValue no proof */
  readonly proof?: string | readonly string[] | undefined
  /**
   * The method and the URL of the request, as its client sent it. Required for a proof.
   *
   * Security: take scheme and host from your configuration. Anybody can send any `Host` header.
   */
  readonly request?: { readonly method: string; readonly url: string } | undefined
  /**
   * The certificate of the client, in DER or PEM, from the TLS connection. Read only if the token is bound to one.
   * @defaultValue no certificate
   */
  readonly certificate?: Uint8Array | string | undefined
}
