/**
 * `jwt-gate`: the core. Verifies JSON Web Tokens at a resource server.
 */

export type { AccessRule } from './access/access-rule.ts'
export { authorize } from './access/authorize.ts'
export type { ClaimValue } from './access/claim-conditions.ts'
export type { Algorithm } from './algorithms.ts'
export type {
  DpopOptions,
  NonceOptions,
  Presented,
  ReplayStore,
  Secret,
} from './binding-types.ts'
export type { CauseJson, Expected, Wanted } from './error-details.ts'
export type { ErrorReason } from './error-reasons.ts'
export {
  AccessError,
  type AccessErrorCode,
  type AccessErrorDetails,
  type AnyJwtGateError,
  ConfigError,
  type ErrorDetails,
  type ErrorJson,
  isJwtGateError,
  JwtGateError,
  type JwtGateErrorCode,
  KeysError,
  type KeysErrorCode,
  StoreError,
  type StoreErrorCode,
  TokenError,
  type TokenErrorCode,
  type TokenErrorDetails,
} from './errors.ts'
export type {
  IssuersFailedEvent,
  IssuersMismatchEvent,
  JwksFailedEvent,
  JwksFailure,
  JwksFetchedEvent,
  JwksNotInUseEvent,
  JwksStaleServedEvent,
  JwksUnknownKidLimitedEvent,
  UnusableKey,
  UnusableKeyReason,
  VerifierEvent,
} from './events.ts'
export { type CognitoClaims, type CognitoOptions, cognito } from './issuers/cognito.ts'
export type { CognitoAccessClaims, CognitoIdClaims } from './issuers/cognito-claims.ts'
export type { VerifyEvent } from './outcome.ts'
export type { RevocationList } from './revocations.ts'
export type {
  StandardSchemaIssue,
  StandardSchemaResult,
  StandardSchemaV1,
} from './standard-schema.ts'
export type {
  ClaimsOf,
  CognitoTrustedIssuer,
  JSONWebKeySet,
  JsonWebKey,
  JwksOptions,
  JwtClaims,
  JwtHeader,
  ResolvedIssuer,
  Trusted,
  TrustedIssuer,
  TrustedResolver,
  VerifiedToken,
  Verifier,
  VerifierOptions,
} from './types.ts'
export { createVerifier } from './verifier.ts'
