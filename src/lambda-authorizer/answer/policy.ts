/**
 * Builds IAM policy documents.
 */
import type { PolicyDocument, PolicyStatement } from '../authorizer-result.ts'

/** A policy with one statement. */
export function toPolicyDocument(
  effect: PolicyStatement['Effect'],
  resource: PolicyStatement['Resource'],
): PolicyDocument {
  return toDocument([toStatement(effect, resource)])
}

/** A policy for a whole API: one Deny beats every Allow. */
export function toRoutePolicyDocument(allow: string[], deny: string[]): PolicyDocument {
  const allowed = toStatement('Allow', allow)
  return toDocument(deny.length > 0 ? [allowed, toStatement('Deny', deny)] : [allowed])
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
