/**
 * A log with pino: a line for each rejected request, and for each event of the keys. The level says whether somebody must act.
 */
import type { Level, Logger } from 'pino'
import { listen } from './channels.ts'

const LEVELS: Readonly<Record<string, Level>> = {
  'request.refused': 'info',
  'request.failed': 'error',
  'authorizer.refused': 'info',
  'authorizer.failed': 'error',
  'authorizer.context_reduced': 'warn',
  'jwks.fetched': 'info',
  'jwks.failed': 'error',
  'jwks.not_in_use': 'debug',
  'jwks.stale_served': 'warn',
  'jwks.unknown_kid_limited': 'warn',
  'issuers.failed': 'error',
  'issuers.mismatch': 'error',
}

/** Logs until the returned function is called. */
export function logWithPino(logger: Logger): () => void {
  const log = (event: { readonly type: string }): void =>
    logger[LEVELS[event.type] ?? 'info']({ event }, event.type)
  return listen({ onKeys: log, onRequest: log })
}
