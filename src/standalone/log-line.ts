/**
 * The log format of the standalone authorizer: one line of JSON per event, which contains only names and codes.
 */
import type { AuthorizerEvent } from '../lambda-authorizer/index.ts'
import { isJwtGateError, type VerifierEvent } from '../verify/index.ts'

/** Any event of the verifier or the authorizer. */
export type StandaloneEvent = VerifierEvent | AuthorizerEvent

interface Fields {
  readonly type: string
  readonly issuer?: unknown
  readonly gateway?: unknown
  readonly requestId?: unknown
  readonly route?: unknown
  readonly expected?: unknown
  readonly dropped?: unknown
  readonly reason?: unknown
  readonly error?: unknown
  readonly status?: unknown
  readonly causeCode?: unknown
  readonly foundIssuer?: unknown
  readonly ageMs?: unknown
  readonly durationMs?: unknown
}

/** Includes only members that are known to be safe. Messages and causes may come from outside the library, and are omitted. */
export function toLogLine(event: StandaloneEvent): string {
  const { issuer, gateway, requestId, route, dropped, reason, expected, error }: Fields = event
  const { status, causeCode, foundIssuer, ageMs, durationMs }: Fields = event
  const known = isJwtGateError(error) ? error : undefined
  return JSON.stringify({
    type: event.type,
    issuer,
    gateway,
    requestId,
    route,
    code: known?.code,
    claim: known?.claim,
    reason: reason ?? known?.reason,
    expected,
    dropped,
    status,
    causeCode,
    foundIssuer,
    ageMs,
    durationMs,
  })
}
