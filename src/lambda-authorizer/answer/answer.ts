/**
 * The results for API Gateway. Only this file decides what a verified token may do in a request.
 */
import { isBound } from '../../verify/adapter-kit.ts'
import { AccessError, ConfigError, type VerifiedToken } from '../../verify/index.ts'
import type { RoutePolicy } from '../access/route-policy.ts'
import type { AuthorizerResult, PolicyDocument } from '../authorizer-result.ts'
import type { AuthorizerRequest } from '../request/authorizer-request.ts'
import {
  assertArn,
  type ExecuteApiArn,
  toArn,
  toRequestArn,
  toStageArn,
  toWideArn,
} from '../request/execute-api-arn.ts'
import { CONNECT } from '../routes/connect.ts'
import { toRoutedRequest } from '../routes/routed-request.ts'
import { isAccessError } from '../util/refusals.ts'
import type { AnswerSettings, PolicySettings, SimpleSettings } from './answer-settings.ts'
import { fitContext } from './context.ts'
import { toPolicyDocument, toRoutePolicyDocument } from './policy.ts'
import { toPrincipalId, toUsage, UNVERIFIED_PRINCIPAL } from './principal-id.ts'

/**
 * The result for a verified token.
 * @throws `AccessError` if the token does not allow the request
 * @throws `ConfigError` if the event has no valid ARN, or the token no principal
 */
export function answerVerified(
  verified: VerifiedToken<unknown>,
  request: AuthorizerRequest,
  settings: AnswerSettings,
): AuthorizerResult {
  const { gateway } = request
  const result =
    settings.response === 'simple'
      ? answerSimply(verified, request, settings)
      : {
          principalId: toPrincipalId(verified, settings.principalId),
          policyDocument: toPolicy(verified, request, settings),
          ...toUsage(verified, gateway, settings.usageIdentifierKey),
        }
  // the integration has to send it to the client (RFC 9449 s9)
  const nonce = toNonceContext(verified.nextNonce)
  const values = settings.toContext(verified)
  const context = fitContext(
    values,
    { result: { ...result, ...nonce }, gateway },
    (reason, dropped) =>
      settings.emit({ type: 'authorizer.context_reduced', gateway, dropped, reason }),
  )
  return { ...result, context: { ...context, ...nonce } }
}

function toNonceContext(nextNonce: string | undefined): { dpopNonce?: string } {
  return nextNonce === undefined ? {} : { dpopNonce: nextNonce }
}

/** The result that denies the request. @throws `ConfigError` if the event has no valid ARN */
export function answerDenied(
  { arn }: AuthorizerRequest,
  { response }: AnswerSettings,
  nextNonce: string | undefined,
): AuthorizerResult {
  // for a gateway response, which can put it into a header
  const context = nextNonce === undefined ? {} : { context: toNonceContext(nextNonce) }
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
): PolicyDocument {
  const { arn } = request
  assertArn(arn)
  if (settings.policy === 'request') {
    settings.access?.assertAllowed(verified, toRoutedRequest(arn.request, request))
    return toRequestPolicy(arn)
  }
  const { access, emit } = settings
  // the proof is for this request alone, and API Gateway never reuses the result for a connection
  const isForOne = isBound(verified) || (access !== undefined && arn.request === CONNECT)
  if (isForOne) {
    access?.assertAllowed(verified, toRoutedRequest(arn.request, request))
    return toRequestPolicy(arn)
  }
  if (access === undefined) return toPolicyDocument('Allow', toStageArn(arn))
  const routed = toRoutedRequest(arn.request, request)
  const { refusal, ...policy } = access.toPolicy(verified, routed)
  if (refusal !== undefined) {
    // the policy allows other requests, so it is returned; the reason why it denies this one is only reported
    if (!isAccessError(refusal)) throw refusal
    emit({ type: 'authorizer.refused', gateway: request.gateway, error: refusal })
  }
  return toStagePolicy(arn, policy)
}

/** @throws `AccessError` if a policy could not name the request alone */
function toRequestPolicy(arn: ExecuteApiArn): PolicyDocument {
  const resource = toRequestArn(arn)
  if (resource === undefined) throw new AccessError('ERR_ACCESS_DENIED')
  return toPolicyDocument('Allow', resource)
}

function toStagePolicy(arn: ExecuteApiArn, policy: RoutePolicy): PolicyDocument {
  const { allow, deny, denySpellings } = policy
  if (allow.length === 0) return toPolicyDocument('Deny', toStageArn(arn))
  return toRoutePolicyDocument(
    allow.map((pattern) => toArn(arn, pattern)),
    [
      ...deny.map((pattern) => toArn(arn, pattern)),
      ...denySpellings.map((pattern) => toWideArn(arn, pattern)),
    ],
  )
}
