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

/** A policy for a whole API. */
export function toRoutePolicyDocument(allow: string[], deny: string[]): PolicyDocument {
  const statements = [
    { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: allow },
    { Action: 'execute-api:Invoke', Effect: 'Deny', Resource: deny },
  ] as const
  return {
    Version: '2012-10-17',
    Statement: statements.filter(({ Resource }) => Resource.length > 0),
  }
}

/** A policy that says one thing of one resource. */
export function toPolicyDocument(effect: 'Allow' | 'Deny', resource: string): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: resource }],
  }
}
