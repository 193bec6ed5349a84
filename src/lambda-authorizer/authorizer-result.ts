/**
 * What an authorizer answers, in the words of API Gateway.
 */
import type { PolicyDocument } from './answer/policy.ts'

/** What API Gateway hands on to the integration, where all of it but `null` arrives as strings on most kinds of API. */
export type AuthorizerContext = Record<string, string | number | boolean | null>

/** An answer with an IAM policy, which every kind of API understands. */
export interface PolicyResult {
  principalId: string
  policyDocument: PolicyDocument
  context?: AuthorizerContext
}

/** An answer for HTTP APIs with payload format 2.0 and simple responses enabled. */
export interface SimpleResult {
  isAuthorized: boolean
  context?: AuthorizerContext
}

/** The two forms of an answer. */
export type AuthorizerResponse = 'policy' | 'simple'

/** The answer of an authorizer with this `response` option. */
export type AuthorizerResult<Response extends AuthorizerResponse = AuthorizerResponse> =
  Response extends 'simple' ? SimpleResult : PolicyResult

/** A Lambda function's handler: it takes the event alone, and answers with a promise. */
export type AuthorizerHandler<Response extends AuthorizerResponse = AuthorizerResponse> = (
  event: unknown,
) => Promise<AuthorizerResult<Response>>
