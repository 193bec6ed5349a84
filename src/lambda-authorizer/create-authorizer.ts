/**
 * The handler: reads the event, has it judged in time, and returns the result for API Gateway.
 */
import { assertVerifier, ignoreRejection, isPromise, notify } from '../verify/adapter-kit.ts'
import { ConfigError, type Verifier } from '../verify/index.ts'
import { findRouteName } from './answer/route-name.ts'
import { TokenNotebook } from './answer/token-notes.ts'
import type { AuthorizerEvent } from './authorizer-events.ts'
import {
  type AuthorizerOptions,
  type AuthorizerSettings,
  readAuthorizerOptions,
} from './authorizer-options.ts'
import type {
  AuthorizerHandler,
  AuthorizerResponse,
  AuthorizerResult,
} from './authorizer-result.ts'
import { type Judgement, judge, type Outcome, toFailure } from './judge.ts'
import { type AuthorizerRequest, parseAuthorizerRequest } from './request/authorizer-request.ts'
import { type Deadline, LATE, startDeadline } from './util/deadline.ts'
import { findDelay } from './util/delay.ts'

/**
 * Creates the handler of a Lambda authorizer, for REST APIs (`REQUEST` and `TOKEN`), HTTP APIs (payload formats 1.0 and
 * 2.0) and the `$connect` route of WebSocket APIs.
 *
 * A valid token is allowed everything on this API and stage, or what `access` permits. A missing or invalid token is rejected as
 * `unauthorized` says. A token that `access` or the verifier's `check` rejects with an `AccessError` is denied. If no decision is
 * possible, for example because the issuer's keys are unavailable, the handler rejects with another error: clients get 500, and
 * API Gateway caches nothing. If Lambda's context says that the function's time is almost over, the handler rejects too, so that
 * `onEvent` is called before Lambda ends the function.
 *
 * @param verifier - from `createVerifier`
 * @param options - see {@link AuthorizerOptions}
 * @returns the handler, which takes the event and Lambda's context, and returns a promise of the result
 * @example
 * ```ts
 * export const handler = createAuthorizer(verifier)
 * ```
 * @throws {@link ConfigError} that names the option that is wrong
 */
export function createAuthorizer<Claims, Response extends AuthorizerResponse = 'policy'>(
  verifier: Verifier<Claims>,
  options: AuthorizerOptions<NoInfer<Claims>, Response> = {},
): AuthorizerHandler<Response> {
  assertVerifier(verifier)
  const settings = readAuthorizerOptions(options, verifier as Verifier<never>)
  const notebook = new TokenNotebook()
  // some runtimes count the parameters, and take a function with more for one with a callback
  return async (event, ...[context]) => {
    const deadline = startDeadline(context)
    try {
      const call: Call = { verifier, settings, notebook, deadline }
      const outcome = await decideInTime(event, call)
      // Lambda freezes the process after the result, and a request in flight would fail when the process resumes
      await deadline.within(Promise.all([verifier.settled(), call.explained]))
      if ('error' in outcome) throw outcome.error
      return outcome.result as AuthorizerResult<Response>
    } finally {
      deadline.stop()
    }
  }
}

interface Call extends Judgement {
  readonly deadline: Deadline
  /** Resolves when a rejection is explained. Never rejects. */
  explained?: Promise<void>
}

/** If the decision takes too long, reports that while there is time, and reports nothing about this call afterwards. */
async function decideInTime(event: unknown, call: Call): Promise<Outcome> {
  const { verifier, settings, deadline } = call
  let request: AuthorizerRequest | undefined
  let isOver = false
  const report = (one: AuthorizerEvent): void => {
    settings.emit(withRequest(one, request, settings))
    if (!('error' in one)) return
    const refusal = { error: one.error, token: call.token, request: event }
    call.explained = notify(settings.explain, refusal)
  }
  const fail = (error: unknown): Outcome => {
    report({ type: 'authorizer.failed', gateway: request?.gateway, error })
    return { error: toFailure(error) }
  }
  try {
    request = parseAuthorizerRequest(event)
    assertResponse(request, settings)
    const emit = (one: AuthorizerEvent): void => {
      if (!isOver) report(one)
    }
    const decision = judge(request, call, emit)
    if (!isPromise(decision)) return decision
    const outcome = await deadline.within(decision)
    if (outcome !== LATE) return outcome
    isOver = true
    ignoreRejection(decision)
    return fail(await findDelay(verifier))
  } catch (error) {
    return fail(error)
  }
}

function withRequest(
  event: AuthorizerEvent,
  request: AuthorizerRequest | undefined,
  { access }: AuthorizerSettings,
): AuthorizerEvent {
  if (request === undefined) return event
  const { requestId } = request
  const expected = event.type === 'authorizer.refused' ? event.error.expected : undefined
  return {
    ...event,
    ...(requestId !== undefined && { requestId }),
    route: findRouteName(request, access),
    ...(expected !== undefined && { expected }),
  }
}

/** @throws {@link ConfigError} if the kind of API does not understand the form of the result */
function assertResponse({ gateway }: AuthorizerRequest, { response }: AuthorizerSettings): void {
  if (response === 'policy' || gateway === 'http-2.0') return
  throw new ConfigError(
    '"response" is "simple", which only HTTP APIs with payload format 2.0 support',
  )
}
