/**
 * What a verifier asks about revoked tokens. The entries themselves are in `jwt-gate/stores`.
 */

/** Knows which tokens were revoked. `createRevocations` of `jwt-gate/stores` returns one. */
export interface RevocationList {
  /**
   * Called for every verified token, cached or not, before `check`. Returns or throws at once, unless the list has to be loaded.
   * @param issuer - the issuer of the token
   * @param claims - the JWT claims set, before any schema
   * @param nowMs - the time by the clock of the verifier, in milliseconds since 1970
   * @param isSync - whether the caller cannot wait: then an error is thrown instead of returning a promise
   * @throws {@link TokenError} `ERR_TOKEN_REVOKED`
   * @throws {@link StoreError} `ERR_REVOCATIONS_UNAVAILABLE` if the list cannot decide
   */
  assertNotRevoked(
    issuer: string,
    claims: Readonly<Record<string, unknown>>,
    nowMs: number,
    isSync: boolean,
  ): void | Promise<void>
  /** Loads the list, if due. @throws {@link StoreError} `ERR_REVOCATIONS_UNAVAILABLE` if there is none */
  hydrate(): Promise<void>
  /** Resolves when no request to the store is in flight. Never rejects. */
  settled(): Promise<void>
  /** Forgets the list in memory. It is loaded again when it is needed. */
  close(): void
}
