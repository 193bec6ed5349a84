/**
 * The checks of the core, one by one, for `jwt-gate/explain`. It runs them beside the engine, and writes none of them again.
 */
export { type CheckedAccessRule, readAccessRule } from './access/access-rule.ts'
export { checkTimeOf } from './access/authentication.ts'
export { assertAccess, readGrantedScopes, readGroups } from './access/authorize.ts'
export { claimAt, toClaimPath } from './claims/claim-path.ts'
export {
  ACCESS_TOKEN_CLAIMS,
  type ClaimsRule,
  checkAge,
  checkAudience,
  checkClaims,
  checkClientId,
  checkIdentifiers,
  checkRequired,
  checkTokenUse,
  checkValidityPeriod,
  emptyRule,
} from './claims/claims.ts'
export { assertVerifiedToken, toVerifiedToken } from './claims/verified-token.ts'
export { Engine } from './engine.ts'
export { readMember, toCauseJson } from './error-details.ts'
export { isVerdict } from './error-reasons.ts'
export type { Issuers, UnverifiedParts } from './issuers/issuers.ts'
export type { Profile } from './issuers/profile.ts'
export type { KeyStore } from './keys/key-store.ts'
export { isSignedBy, wrongSignature } from './keys/signature.ts'
export type { VerificationKey } from './keys/verification-key.ts'
export { partsOf, type VerifierParts } from './parts.ts'
export type { Refusal, RefusalExplainer } from './refusal-explainer.ts'
export { freezeJson } from './token/freeze.ts'
export { assertHeader, type HeaderRule, toMediaType } from './token/header.ts'
export type { JsonObject } from './token/json.ts'
export { KnownHeaders } from './token/known-headers.ts'
export { reasonOfText } from './token/no-token.ts'
export { assertTokenSize, parseUnverifiedToken, type UnverifiedToken } from './token/token.ts'
export { assertVerifier, readChoice, readFunction, readOptions } from './util/check-option.ts'
export { isPromise, settle } from './util/promises.ts'
export { toClock } from './verifier-options.ts'
