/**
 * The settings for the results of an authorizer. Each mode has a type of its own, with only the members that it may use.
 */
import type { RequestAccess, RouteAccess, StageAccess } from '../access/access-map.ts'
import type { UserFunction } from '../util/user-function.ts'
import type { KnownPolicies } from './known-policies.ts'

/** Simple responses, which API Gateway may reuse for other requests with the same identity sources. */
interface SimpleMode {
  readonly response: 'simple'
  /** `undefined`: a valid token may use all routes. */
  readonly access: RequestAccess | RouteAccess | undefined
}

/** Who a policy is for. */
export interface PolicyNames {
  readonly principalId: UserFunction | undefined
  readonly usageIdentifierKey: UserFunction | undefined
}

/** A policy for the one request. */
interface RequestPolicyMode extends PolicyNames {
  readonly response: 'policy'
  readonly policy: 'request'
  /** `undefined`: a valid token may use all routes. */
  readonly access: RequestAccess | undefined
}

/** A policy for all routes of the stage. */
interface StagePolicyMode extends PolicyNames {
  readonly response: 'policy'
  readonly policy: 'stage'
  /** `undefined`: a valid token may use all routes. */
  readonly access: StageAccess | undefined
  readonly known: KnownPolicies
}

interface CommonSettings {
  /** `undefined`: the default context. */
  readonly toContext: UserFunction | undefined
}

export type AnswerMode = SimpleMode | RequestPolicyMode | StagePolicyMode
export type AnswerSettings = AnswerMode & CommonSettings
export type SimpleSettings = SimpleMode & CommonSettings
export type PolicySettings = (RequestPolicyMode | StagePolicyMode) & CommonSettings
