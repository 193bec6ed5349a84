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
  assertOptions,
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
export { isPromise } from './custom-rules.ts'
export { toSecureUrl } from './issuer-url.ts'
export { recall } from './recall.ts'
export { type BrowserRequest, isFromSite } from './request-origin.ts'
export { tell } from './tell.ts'
export { assertVerifiedToken, claimsSetOf } from './verified-token.ts'
