/**
 * What the surfaces (Express, Lambda) share with the core and users do not see. They import this file and `index.ts`.
 */
export { assertAccess, type CheckedAccessRule, readAccessRule } from './authorize.ts'
export { parseBearerToken } from './bearer.ts'
export {
  assertOptions,
  assertVerifier,
  readChoice,
  readFunction,
  readString,
  readStrings,
} from './check-option.ts'
export { readCookie } from './cookies.ts'
export { toSecureUrl } from './issuer-url.ts'
export { claimsSetOf } from './verified-token.ts'
