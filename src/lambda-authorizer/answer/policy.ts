/**
 * The IAM policies that an authorizer answers with.
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

/** A policy that says one thing of some resources. */
export function toPolicyDocument(
  effect: PolicyStatement['Effect'],
  resource: PolicyStatement['Resource'],
): PolicyDocument {
  return toDocument([[effect, resource]])
}

/** A policy for a whole API: one Deny beats every Allow. */
export function toRoutePolicyDocument(allow: string[], deny: string[]): PolicyDocument {
  return toDocument(
    deny.length > 0
      ? [
          ['Allow', allow],
          ['Deny', deny],
        ]
      : [['Allow', allow]],
  )
}

function toDocument(
  statements: readonly (readonly [PolicyStatement['Effect'], PolicyStatement['Resource']])[],
): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: statements.map(([Effect, Resource]) => ({
      Action: 'execute-api:Invoke',
      Effect,
      Resource,
    })),
  }
}
