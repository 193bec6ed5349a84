/**
 * From a verdict to the answer that API Gateway wants. What a verified token may do in a request is decided here and
 * nowhere else: so far, everything on this API and stage, because API Gateway keeps the answer for other routes too.
 */
import type { VerifiedToken } from '../verify/index.ts'
import type { AuthorizerSettings } from './authorizer-options.ts'
import type { AuthorizerRequest } from './authorizer-request.ts'
import type { AuthorizerResult } from './authorizer-result.ts'
import { fitContext } from './context.ts'
import { parseExecuteApiArn, toStageArn } from './execute-api-arn.ts'
import { toPolicyDocument } from './policy.ts'
import { toPrincipalId, UNVERIFIED_PRINCIPAL } from './principal-id.ts'

/** The answer for a token that passed. @throws `ConfigError` where the ARN or the principal cannot be told */
export function answerVerified(
  verified: VerifiedToken<unknown>,
  request: AuthorizerRequest,
  settings: AuthorizerSettings,
): AuthorizerResult {
  const { gateway } = request
  const result =
    settings.response === 'simple'
      ? { isAuthorized: true }
      : {
          principalId: toPrincipalId(verified, settings.principalId),
          policyDocument: toPolicyDocument('Allow', toResource(request)),
        }
  const values = settings.toContext(verified)
  const context = fitContext(values, { result, gateway }, (reason, dropped) =>
    settings.emit({ type: 'authorizer.context_reduced', gateway, dropped, reason }),
  )
  return { ...result, context }
}

/** The answer that denies. @throws `ConfigError` where the ARN cannot be told */
export function answerDenied(
  request: AuthorizerRequest,
  { response }: AuthorizerSettings,
): AuthorizerResult {
  if (response === 'simple') return { isAuthorized: false }
  return {
    principalId: UNVERIFIED_PRINCIPAL,
    policyDocument: toPolicyDocument('Deny', toResource(request)),
  }
}

function toResource({ arn }: AuthorizerRequest): string {
  return toStageArn(parseExecuteApiArn(arn))
}
