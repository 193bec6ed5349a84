/**
 * What the surfaces (Express, Lambda) share with the core and users do not see. They import this file and `index.ts`.
 */
export { type CheckedAccessRule, readAccessRule } from './access/access-rule.ts'
export { type CheckTime, checkTimeOf } from './access/authentication.ts'
export { assertAccess, readGrantedScopes } from './access/authorize.ts'
export {
  assertB64Token,
  missingBearer,
  parseBearerToken,
  splitBearer,
  splitDpop,
} from './access/bearer.ts'
export { readCookie } from './access/cookies.ts'
export { isFromSite } from './access/request-origin.ts'
export {
  assertVerifiedToken,
  claimsSetOf,
  isBound,
  isVerifiedToken,
} from './claims/verified-token.ts'
export { type Demands, demandsOf } from './demands.ts'
export { readMember } from './error-details.ts'
export { isVerdict } from './error-reasons.ts'
export { fastPathOf } from './fast-path.ts'
export { toSecureUrl } from './http/issuer-url.ts'
export { assertFilledIn, assertNoDocument } from './issuers/issuer-name.ts'
export { partsOf } from './parts.ts'
export { readCertificateHeader } from './proof/certificate-header.ts'
export { normalizeUrl } from './proof/normal-url.ts'
export { type RefusalExplainer, readExplainer } from './refusal-explainer.ts'
export { trimBlanks } from './util/blanks.ts'
export { REQUEST_CHANNEL } from './util/channels.ts'
export {
  assertObject,
  assertVerifier,
  type OptionNames,
  readChoice,
  readCount,
  readFunction,
  readName,
  readNumber,
  readOptional,
  readOptions,
  readString,
  readStrings,
} from './util/check-option.ts'
export { notify } from './util/notify.ts'
export { ignoreRejection, isPromise, settle } from './util/promises.ts'
export { readClock } from './verifier-options.ts'
