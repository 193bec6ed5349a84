/**
 * What the surfaces (Express, Lambda) share with the core and users do not see. They import this file and `index.ts`.
 */
export { type CheckedAccessRule, readAccessRule } from './access/access-rule.ts'
export { type CheckTime, checkTimeOf } from './access/authentication.ts'
export { assertAccess, readGrantedScopes } from './access/authorize.ts'
export { assertB64Token, missingBearer, parseBearerToken, splitBearer } from './access/bearer.ts'
export { readCookie } from './access/cookies.ts'
export { isFromSite } from './access/request-origin.ts'
export { assertVerifiedToken, claimsSetOf, isVerifiedToken } from './claims/verified-token.ts'
export { readMember } from './error-details.ts'
export { isVerdict } from './errors.ts'
export { fastPathOf } from './fast-path.ts'
export { toSecureUrl } from './http/issuer-url.ts'
export type { RefusalExplainer } from './refusal-explainer.ts'
export { trimBlanks } from './util/blanks.ts'
export {
  assertObject,
  assertVerifier,
  type OptionNames,
  readChoice,
  readFunction,
  readName,
  readOptional,
  readOptions,
  readString,
  readStrings,
} from './util/check-option.ts'
export { notify } from './util/notify.ts'
export { ignoreRejection, isPromise, settle } from './util/promises.ts'
