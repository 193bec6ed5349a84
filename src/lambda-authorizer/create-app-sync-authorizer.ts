/**
 * The handler for AppSync: reads the event and its token, verifies the token, and returns the result.
 */
import {
  assertAccess,
  assertB64Token,
  assertVerifiedToken,
  assertVerifier,
  ignoreRejection,
  isVerdict,
  notify,
} from '../verify/adapter-kit.ts'
import { TokenError, type Verifier } from '../verify/index.ts'
import { answerAppSync, denyAppSync } from './app-sync/app-sync-answer.ts'
import {
  type AppSyncHandler,
  type AppSyncRequest,
  type AppSyncResult,
  parseAppSyncEvent,
} from './app-sync/app-sync-events.ts'
import {
  type AppSyncAuthorizerOptions,
  type AppSyncSettings,
  readAppSyncOptions,
} from './app-sync/app-sync-options.ts'
import { toFailure } from './judge.ts'
import { LATE, startDeadline } from './util/deadline.ts'
import { findDelay } from './util/delay.ts'
import { isAccessError, isTokenError } from './util/refusals.ts'

const SCHEME = /^bearer +/i

/**
 * Creates the handler of a Lambda authorizer for AppSync: GraphQL APIs and Event APIs, which it distinguishes by their events.
 *
 * The token is the value of the `Authorization` header, with or without `Bearer`. A missing, invalid or insufficient token is
 * answered with `isAuthorized: false`, which AppSync never keeps. If no decision is possible, for example because the issuer's
 * keys are unavailable, the handler rejects: AppSync keeps nothing, and the client gets an error of the service.
 *
 * @param verifier - from `createVerifier`
 * @param options - see {@link AppSyncAuthorizerOptions}
 * @returns the handler, which takes the event and Lambda's context, and returns a promise of the result
 * @example
 * ```ts
 * export const handler = createAppSyncAuthorizer(verifier, { access: { groups: ['staff'] }, ttlSeconds: 300 })
 * ```
 * @throws {@link ConfigError} that names the option that is wrong
 */
export function createAppSyncAuthorizer<Claims>(
  verifier: Verifier<Claims>,
  options: AppSyncAuthorizerOptions<NoInfer<Claims>> = {},
): AppSyncHandler {
  assertVerifier(verifier)
  const settings = readAppSyncOptions(options)
  // some runtimes count the parameters, and take a function with more for one with a callback
  return async (event, ...[context]) => {
    const deadline = startDeadline(context)
    const call: Call = { verifier, settings }
    try {
      const decision = judge(event, call)
      const result = await deadline.within(decision)
      ignoreRejection(decision)
      if (result === LATE) throw await findDelay(verifier)
      return result
    } catch (error) {
      return refuse(error, call)
    } finally {
      // Lambda freezes the process after the result, and a request in flight would fail when the process resumes
      await deadline.within(Promise.all([verifier.settled(), call.explained]))
      deadline.stop()
    }
  }
}

interface Call {
  readonly verifier: Verifier<unknown>
  readonly settings: AppSyncSettings
  /** Once they were read. */
  request?: AppSyncRequest
  token?: string
  /** Resolves when a rejection is explained. Never rejects. */
  explained?: Promise<void>
}

async function judge(event: unknown, call: Call): Promise<AppSyncResult> {
  const { verifier, settings } = call
  call.request = parseAppSyncEvent(event)
  call.token = readToken(call.request.authorization)
  const verified = await verifier.verify(call.token)
  assertVerifiedToken(verified)
  if (settings.access) assertAccess(verified, settings.access)
  return answerAppSync(verified, call.request.gateway, settings)
}

/** Reports why there is no good answer. @throws an error for AppSync if there is no verdict: the token may be valid */
function refuse(error: unknown, call: Call): AppSyncResult {
  const { settings, request, token } = call
  const { gateway, requestId } = request ?? {}
  call.explained = notify(settings.explain, { error, token })
  if (gateway && (isTokenError(error) || isAccessError(error)) && isVerdict(error.reason)) {
    settings.emit({ type: 'authorizer.refused', gateway, requestId, error })
    return denyAppSync()
  }
  settings.emit({ type: 'authorizer.failed', gateway, requestId, error })
  throw toFailure(error)
}

/** Several `Authorization` headers are joined by commas, which no token contains. */
function readToken(authorization: string): string {
  const token = assertB64Token(authorization.replace(SCHEME, '') || undefined)
  // Stryker disable next-line ConditionalExpression: the verifier would reject it with the same error
  if (token === undefined) throw new TokenError('ERR_TOKEN_MISSING')
  return token
}
