/**
 * The policies for all routes that were put together last. Tokens that may do the same on the same stage have the same policy.
 */
import type { PolicyDocument } from '../authorizer-result.ts'
import { memberLength } from './result-size.ts'

/** A policy, with its size as a member of a result. */
export interface SizedPolicy {
  readonly policyDocument: PolicyDocument
  readonly length: number
}

/** Each has 8 KB at most. */
const MAX_POLICIES = 32

export class KnownPolicies {
  readonly #policies = new Map<string, SizedPolicy>()

  /** @param name - of the stage, and of what the token may do there */
  find(name: string, make: () => PolicyDocument): SizedPolicy {
    const known = this.#policies.get(name) ?? this.#add(name, toSizedPolicy(make()))
    // a caller may change its result
    return { ...known, policyDocument: copy(known.policyDocument) }
  }

  #add(name: string, policy: SizedPolicy): SizedPolicy {
    const [oldest = name] = this.#policies.keys()
    if (this.#policies.size === MAX_POLICIES) this.#policies.delete(oldest)
    this.#policies.set(name, policy)
    return policy
  }
}

export function toSizedPolicy(policyDocument: PolicyDocument): SizedPolicy {
  return { policyDocument, length: memberLength('policyDocument', policyDocument) }
}

function copy({ Version, Statement }: PolicyDocument): PolicyDocument {
  return {
    Version,
    Statement: Statement.map(({ Action, Effect, Resource }) => ({
      Action,
      Effect,
      Resource: typeof Resource === 'string' ? Resource : [...Resource],
    })),
  }
}
