/**
 * Replaces `verify/outcome.ts` and `verify/util/channels.ts` in slim builds: nothing is published for `node:diagnostics_channel`.
 */
const SILENT = { hasSubscribers: false, publish: (): void => undefined }

export const VERIFY_CHANNEL = SILENT
export const JWKS_CHANNEL = SILENT
export const REQUEST_CHANNEL = SILENT

/** Is never called without a subscriber. */
export function publishOutcome<T>(work: () => T): T {
  return work()
}
