/**
 * The results that an authorizer returns to API Gateway, with the names that AWS gives their members.
 */

/** An IAM policy document. */
export interface PolicyDocument {
  Version: '2012-10-17'
  Statement: PolicyStatement[]
}

/** One statement of a policy. */
export interface PolicyStatement {
  Action: 'execute-api:Invoke'
  Effect: 'Allow' | 'Deny'
  Resource: string | string[]
}

/** The values that API Gateway passes to the integration. Most kinds of API turn all of them but `null` into strings. */
export type AuthorizerContext = Record<string, string | number | boolean | null>

/** A result with an IAM policy, which every kind of API understands. */
export interface PolicyResult {
  principalId: string
  policyDocument: PolicyDocument
  context?: AuthorizerContext
  /** The value of an API key of a usage plan. */
  usageIdentifierKey?: string
}

/** A result for HTTP APIs with payload format 2.0 and simple responses enabled. */
export interface SimpleResult {
  isAuthorized: boolean
  context?: AuthorizerContext
}

/** The two forms of a result. */
export type AuthorizerResponse = 'policy' | 'simple'

/** The result of an authorizer with this `response` option. */
export type AuthorizerResult<Response extends AuthorizerResponse = AuthorizerResponse> =
  Response extends 'simple' ? SimpleResult : PolicyResult

/**
 * The handler of a Lambda function: it takes the event and Lambda's context, and returns a promise of the result. The context
 * says how much time is left; without it, a call may take longer than Lambda waits.
 */
export type AuthorizerHandler<Response extends AuthorizerResponse = AuthorizerResponse> = (
  event: unknown,
  context?: unknown,
) => Promise<AuthorizerResult<Response>>
