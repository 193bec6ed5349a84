/**
 * From a verdict to the answer that API Gateway wants. What a verified token may do in a request is decided here and
 * nowhere else.
 */
import { AccessError, ConfigError, isJwtGateError, type VerifiedToken } from '../../verify/index.ts'
import { CONNECT } from '../access/access-map.ts'
import type { AuthorizerSettings } from '../authorizer-options.ts'
import type { AuthorizerResult } from '../authorizer-result.ts'
import type { AuthorizerRequest } from '../request/authorizer-request.ts'
import {
  parseExecuteApiArn,
  toArn,
  toRequestArn,
  toStageArn,
  toWideArn,
} from '../request/execute-api-arn.ts'
import { toRoutedRequest } from '../routes/routed-request.ts'
import { fitContext } from './context.ts'
import { type PolicyDocument, toPolicyDocument, toRoutePolicyDocument } from './policy.ts'
import { toPrincipalId, UNVERIFIED_PRINCIPAL } from './principal-id.ts'

/**
 * The answer for a token that passed.
 * @throws `AccessError` where it may not do this; `ConfigError` where the ARN or the principal cannot be told
 */
export function answerVerified(
  verified: VerifiedToken<unknown>,
  request: AuthorizerRequest,
  settings: AuthorizerSettings,
): AuthorizerResult {
  const { gateway } = request
  const result =
    settings.response === 'simple'
      ? answerSimply(verified, request, settings)
      : {
          principalId: toPrincipalId(verified, settings.principalId),
          policyDocument: toPolicy(verified, request, settings),
        }
  const values = settings.toContext(verified)
  const context = fitContext(values, { result, gateway }, (reason, dropped) =>
    settings.emit({ type: 'authorizer.context_reduced', gateway, dropped, reason }),
  )
  return { ...result, context }
}

/** The answer that denies. @throws `ConfigError` where the ARN cannot be told */
export function answerDenied(
  { arn }: AuthorizerRequest,
  { response }: AuthorizerSettings,
): AuthorizerResult {
  if (response === 'simple') return { isAuthorized: false }
  return {
    principalId: UNVERIFIED_PRINCIPAL,
    policyDocument: toPolicyDocument('Deny', toStageArn(parseExecuteApiArn(arn))),
  }
}

function answerSimply(
  verified: VerifiedToken<unknown>,
  request: AuthorizerRequest,
  { access, policy }: AuthorizerSettings,
): { isAuthorized: true } {
  if (access === undefined) return { isAuthorized: true }
  const routed = toRoutedRequest(request, parseExecuteApiArn(request.arn))
  access.assertAllowed(verified, routed)
  if (policy === 'request' || access.isUniform) return { isAuthorized: true }
  if (!access.hasChosen(routed)) {
    throw new ConfigError(
      '"access" lacks a route of the API that this request went to: API Gateway keeps one simple answer for all requests of a route, so "access" has to list the same routes',
    )
  }
  return { isAuthorized: true }
}

function toPolicy(
  verified: VerifiedToken<unknown>,
  request: AuthorizerRequest,
  settings: AuthorizerSettings,
): PolicyDocument {
  const arn = parseExecuteApiArn(request.arn)
  const { access, policy } = settings
  // the decision for a connection is never used again, and holds for this one route
  if (policy === 'request' || (access && arn.request === CONNECT)) {
    access?.assertAllowed(verified, toRoutedRequest(request, arn))
    const resource = toRequestArn(arn)
    if (resource === undefined) throw new AccessError('ERR_ACCESS_DENIED')
    return toPolicyDocument('Allow', resource)
  }
  if (access === undefined) return toPolicyDocument('Allow', toStageArn(arn))
  const { allow, deny, denySpellings, refusal } = access.toPolicy(
    verified,
    toRoutedRequest(request, arn),
  )
  if (refusal !== undefined) tellRefused(refusal, request, settings)
  if (allow.length === 0) return toPolicyDocument('Deny', toStageArn(arn))
  return toRoutePolicyDocument(
    allow.map((pattern) => toArn(arn, pattern)),
    [
      ...deny.map((pattern) => toArn(arn, pattern)),
      ...denySpellings.map((pattern) => toWideArn(arn, pattern)),
    ],
  )
}

/**
 * The policy refuses this request and allows others, so nothing is thrown; but why should be known.
 * @throws what is no refusal
 */
function tellRefused(
  error: unknown,
  { gateway }: AuthorizerRequest,
  { emit }: AuthorizerSettings,
): void {
  if (!isJwtGateError(error) || error.name !== 'AccessError') throw error
  emit({ type: 'authorizer.refused', gateway, error: error as AccessError })
}
