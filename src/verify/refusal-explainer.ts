/**
 * What `explainer()` of `jwt-gate/explain` returns. The adapters call it, and know nothing else of it.
 */
import { ConfigError } from './errors.ts'
import { readFunction } from './util/check-option.ts'

/** A rejected request. */
export interface Refusal {
  /** The error with which it was rejected. */
  readonly error: unknown
  /** The token that it sent; `undefined` if there was none, or it could not be read. */
  readonly token: unknown
  /** The request, or the event of API Gateway. */
  readonly request?: unknown
}

/**
 * The return value of `explainer()`, for the option `explain`.
 *
 * Security: it gets the token and the request. Never pass a function of your own that logs or stores them.
 */
export type RefusalExplainer = (refusal: Refusal) => Promise<void>

/** Reads the option `explain`. @throws {@link ConfigError} for anything but an explainer */
export function readExplainer(explain: RefusalExplainer | undefined): RefusalExplainer | undefined {
  readFunction('explain', explain)
  // the function explain() itself, which takes a verifier and a token, would never print anything
  if (explain === undefined || explain.length < 2) return explain
  throw new ConfigError('"explain" must be the return value of explainer(verifier)')
}
