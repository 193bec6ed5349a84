/**
 * What the standalone authorizer writes to its log: one line of JSON for each event, with names and codes alone.
 */
import type { AuthorizerEvent } from '../lambda-authorizer/index.ts'
import { isJwtGateError, type VerifierEvent } from '../verify/index.ts'

/** Every event there is. */
export type StandaloneEvent = VerifierEvent | AuthorizerEvent

interface Fields {
  readonly type: string
  readonly issuer?: unknown
  readonly gateway?: unknown
  readonly dropped?: unknown
  readonly reason?: unknown
  readonly error?: unknown
}

/** Takes what is known to be safe, and never a message or a cause: these may come from outside the library. */
export function toLogLine(event: StandaloneEvent): string {
  const { issuer, gateway, dropped, reason, error }: Fields = event
  const known = isJwtGateError(error) ? error : undefined
  return JSON.stringify({
    type: event.type,
    issuer,
    gateway,
    code: known?.code,
    claim: known?.claim,
    reason: reason ?? known?.reason,
    dropped,
  })
}
