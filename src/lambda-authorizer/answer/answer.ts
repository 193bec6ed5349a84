/**
 * The results for API Gateway. Only this file decides what a verified token may do in a request.
 */
import { isBound } from '../../verify/adapter-kit.ts'
import { AccessError, ConfigError, type VerifiedToken } from '../../verify/index.ts'
import type { AuthorizerEvent } from '../authorizer-events.ts'
import type { AuthorizerContext, AuthorizerResult } from '../authorizer-result.ts'
import type { AuthorizerRequest } from '../request/authorizer-request.ts'
import {
  assertArn,
  type ExecuteApiArn,
  toRequestArn,
  toStageArn,
} from '../request/execute-api-arn.ts'
import { CONNECT } from '../routes/connect.ts'
import { toRoutedRequest } from '../routes/routed-request.ts'
import { isAccessError } from '../util/refusals.ts'
import type { AnswerSettings, PolicySettings, SimpleSettings } from './answer-settings.ts'
import { fitContext } from './context.ts'
import { toDefaultContext } from './default-context.ts'
import { type SizedPolicy, toSizedPolicy } from './known-policies.ts'
import { toPolicyDocument, toStagePolicy } from './policy.ts'
import { toPrincipalId, toUsage, UNVERIFIED_PRINCIPAL } from './principal-id.ts'
import { roomBeside } from './result-size.ts'
import type { TokenNotes } from './token-notes.ts'

/** What a call has besides its request. */
export interface AnswerCall {
  readonly notes: TokenNotes
  readonly emit: (event: AuthorizerEvent) => void
}

/**
 * The result for a verified token.
 * @throws `AccessError` if the token does not allow the request
 * @throws `ConfigError` if the event has no valid ARN, or the token no principal
 */
export function answerVerified(
  verified: VerifiedToken<unknown>,
  request: AuthorizerRequest,
  settings: AnswerSettings,
  call: AnswerCall,
): AuthorizerResult {
  const nonce = toNonceContext(verified.nextNonce)
  const toContextBeside = (members: object, length = 0): AuthorizerContext => {
    const room = roomBeside({ ...members, ...nonce }) - length
    return { ...toContext(verified, request, settings, call, room), ...nonce }
  }
  if (settings.response === 'simple') {
    const result = answerSimply(verified, request, settings)
    return { ...result, context: toContextBeside(result) }
  }
  const principalId = toPrincipalId(verified, settings.principalId)
  const { policyDocument, length } = toPolicy(verified, request, settings, call)
  const usage = toUsage(verified, request.gateway, settings.usageIdentifierKey)
  const context = toContextBeside({ principalId, ...usage }, length)
  return { principalId, policyDocument, ...usage, context }
}

function toContext(
  verified: VerifiedToken<unknown>,
  { gateway }: AuthorizerRequest,
  { toContext: toValues }: AnswerSettings,
  { notes, emit }: AnswerCall,
  room: number,
): AuthorizerContext {
  // Stryker disable next-line ConditionalExpression: what is not needed only takes time
  if (toValues === undefined) notes.context ??= toDefaultContext(verified)
  const values = toValues === undefined ? notes.context : toValues(verified)
  return fitContext(values, { room, gateway }, (reason, dropped) =>
    emit({ type: 'authorizer.context_reduced', gateway, dropped, reason }),
  )
}

/** For the integration or a gateway response, which have to send it to the client (RFC 9449 s9). */
function toNonceContext(nextNonce: string | undefined): { dpopNonce: string } | undefined {
  return nextNonce === undefined ? undefined : { dpopNonce: nextNonce }
}

/** The result that denies the request. @throws `ConfigError` if the event has no valid ARN */
export function answerDenied(
  { arn }: AuthorizerRequest,
  { response }: AnswerSettings,
  nextNonce: string | undefined,
): AuthorizerResult {
  const nonce = toNonceContext(nextNonce)
  const context = nonce && { context: nonce }
  if (response === 'simple') return { isAuthorized: false, ...context }
  assertArn(arn)
  return {
    principalId: UNVERIFIED_PRINCIPAL,
    policyDocument: toPolicyDocument('Deny', toStageArn(arn)),
    ...context,
  }
}

function answerSimply(
  verified: VerifiedToken<unknown>,
  request: AuthorizerRequest,
  { access }: SimpleSettings,
): { isAuthorized: true } {
  if (access === undefined) return { isAuthorized: true }
  const { arn } = request
  assertArn(arn)
  const routed = toRoutedRequest(arn.request, request)
  access.assertAllowed(verified, routed)
  if (access.scope === 'request' || access.isUniform || access.hasChosen(routed)) {
    return { isAuthorized: true }
  }
  throw new ConfigError(
    '"access" lacks a route of the API that this request went to: API Gateway caches one simple response for all requests of a route, so "access" must list the same routes',
  )
}

function toPolicy(
  verified: VerifiedToken<unknown>,
  request: AuthorizerRequest,
  settings: PolicySettings,
  { notes, emit }: AnswerCall,
): SizedPolicy {
  const { arn } = request
  assertArn(arn)
  if (settings.policy === 'request') {
    settings.access?.assertAllowed(verified, toRoutedRequest(arn.request, request))
    return toRequestPolicy(arn)
  }
  const { access, known } = settings
  // the proof is for this request alone, and API Gateway never reuses the result for a connection
  const isForOne = isBound(verified) || (access !== undefined && arn.request === CONNECT)
  if (isForOne) {
    access?.assertAllowed(verified, toRoutedRequest(arn.request, request))
    return toRequestPolicy(arn)
  }
  const stage = toStageArn(arn)
  if (access === undefined) return known.find(stage, () => toPolicyDocument('Allow', stage))
  const routed = toRoutedRequest(arn.request, request)
  const { refusal, name, toPatterns } = access.toPolicy(verified, routed, notes)
  if (refusal !== undefined) {
    // the policy allows other requests, so it is returned; the reason why it denies this one is only reported
    if (!isAccessError(refusal)) throw refusal
    emit({ type: 'authorizer.refused', gateway: request.gateway, error: refusal })
  }
  return known.find(`${stage} ${name}`, () => toStagePolicy(arn, toPatterns()))
}

/** @throws `AccessError` if a policy could not name the request alone */
function toRequestPolicy(arn: ExecuteApiArn): SizedPolicy {
  const resource = toRequestArn(arn)
  if (resource === undefined) throw new AccessError('ERR_ACCESS_DENIED')
  return toSizedPolicy(toPolicyDocument('Allow', resource))
}
