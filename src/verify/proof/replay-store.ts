/**
 * Where the ids of proofs are kept, so that each proof is accepted once (RFC 9449 s11.1).
 */

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
