/**
 * What the surfaces (Express, Lambda) share with the core and users do not see. They import this file and `index.ts`.
 */
export {
  assertAccess,
  type CheckedAccessRule,
  readAccessRule,
  readGrantedScopes,
} from './authorize.ts'
export { assertB64Token, parseBearerToken, splitBearer } from './bearer.ts'
export { trimBlanks } from './blanks.ts'
export {
  assertObject,
  assertVerifier,
  readChoice,
  readFunction,
  readName,
  readOptional,
  readOptions,
  readString,
  readStrings,
} from './check-option.ts'
export { readCookie } from './cookies.ts'
export { disown, isPromise } from './custom-rules.ts'
export { toSecureUrl } from './issuer-url.ts'
export { recall } from './recall.ts'
export { isFromSite } from './request-origin.ts'
export { settle } from './settle.ts'
export { tell } from './tell.ts'
export { assertVerifiedToken, claimsSetOf, isVerifiedToken } from './verified-token.ts'
