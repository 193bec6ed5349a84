/**
 * The log format of the standalone authorizer: one line of JSON per event, which contains only names and codes.
 */
import type { AuthorizerEvent } from '../lambda-authorizer/index.ts'
import type { RevocationEvent } from '../stores/index.ts'
import { isJwtGateError, type VerifierEvent } from '../verify/index.ts'

/** Any event of the verifier, the authorizer or the list of revoked tokens. */
export type StandaloneEvent = VerifierEvent | AuthorizerEvent | RevocationEvent

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
  readonly entries?: unknown
  readonly effect?: unknown
}

/** Includes only members that are known to be safe. Messages and causes may come from outside the library, and are omitted. */
export function toLogLine(event: StandaloneEvent): string {
  const { issuer, gateway, requestId, route, dropped, reason, expected, error }: Fields = event
  const { status, causeCode, foundIssuer, ageMs, durationMs, entries, effect }: Fields = event
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
    causeCode: causeCode ?? awsErrorOf(error),
    foundIssuer,
    ageMs,
    durationMs,
    entries,
    effect,
  })
}

/** The name of an AWS error, such as that of a missing permission. Stores pass it on as it is, or as the cause of their own. */
function awsErrorOf(error: unknown): string | undefined {
  for (const one of [error, Object(error).cause]) {
    const { $fault, name } = Object(one) as Record<string, unknown>
    if ($fault !== undefined && typeof name === 'string' && /^\w{1,64}$/.test(name)) return name
  }
  return undefined
}
