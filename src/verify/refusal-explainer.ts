/**
 * The type of what `explainer()` of `jwt-gate/explain` returns. The adapters call it, and know nothing else of it.
 */

/** A rejected request. */
export interface Refusal {
  /** The error with which it was rejected. */
  readonly error: unknown
  /** The token that it sent; `undefined` if there was none, or it could not be read. */
  readonly token: unknown
}

/**
 * The return value of `explainer()`, for the option `explain`.
 *
 * Security: it gets the token. Never pass a function of your own that logs or stores it.
 */
export type RefusalExplainer = (refusal: Refusal) => Promise<void>
