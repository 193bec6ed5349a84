/**
 * Builds IAM policy documents.
 */
import type { RoutePolicy } from '../access/route-policy.ts'
import type { PolicyDocument, PolicyStatement } from '../authorizer-result.ts'
import { type ExecuteApiArn, toArn, toStageArn, toWideArn } from '../request/execute-api-arn.ts'

/** A policy with one statement. */
export function toPolicyDocument(
  effect: PolicyStatement['Effect'],
  resource: PolicyStatement['Resource'],
): PolicyDocument {
  return toDocument([toStatement(effect, resource)])
}

/** A policy for a stage: one Deny beats every Allow. */
export function toStagePolicy(
  arn: ExecuteApiArn,
  { allow, deny, denySpellings }: RoutePolicy,
): PolicyDocument {
  if (allow.length === 0) return toPolicyDocument('Deny', toStageArn(arn))
  const allowed = toStatement(
    'Allow',
    allow.map((pattern) => toArn(arn, pattern)),
  )
  const denied = [
    ...deny.map((pattern) => toArn(arn, pattern)),
    ...denySpellings.map((pattern) => toWideArn(arn, pattern)),
  ]
  return toDocument(denied.length > 0 ? [allowed, toStatement('Deny', denied)] : [allowed])
}

function toStatement(
  Effect: PolicyStatement['Effect'],
  Resource: PolicyStatement['Resource'],
): PolicyStatement {
  return { Action: 'execute-api:Invoke', Effect, Resource }
}

function toDocument(Statement: PolicyStatement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement }
}
