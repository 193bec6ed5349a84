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

/**
 * Includes only members that are known to be safe. Messages and causes may come from outside the library, and are omitted, but for
 * those about a set-up, which variables made.
 */
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
    message: known?.code === 'ERR_CONFIG_INVALID' ? known.message : undefined,
    expected,
    dropped,
    status,
    causeCode: causeCode ?? storeErrorOf(event),
    foundIssuer,
    ageMs,
    durationMs,
    entries,
    effect,
  })
}

/** What the table or its client has failed with: the code of a network error, or the name of an AWS error. */
function storeErrorOf(event: StandaloneEvent): string | undefined {
  const { error }: Fields = event
  const ofStore = isJwtGateError(error) && error.name === 'StoreError' ? error.cause : undefined
  const cause = event.type === 'revocations.failed' ? error : ofStore
  const { code, name } = Object(cause) as Record<string, unknown>
  return [code, name].find((one): one is string => typeof one === 'string' && WORD.test(one))
}

const WORD = /^\w{1,64}$/
