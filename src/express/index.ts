/**
 * `jwt-gate/express`: middleware for Express 4 and 5.
 */

export type { ErrorBody, HttpErrorMembers } from '../http-request/http-error.ts'
export {
  type McpAuthInfo,
  type McpErrors,
  type McpErrorsV1,
  type McpErrorsV2,
  type McpTokenVerifier,
  type McpTokenVerifierOptions,
  mcpTokenVerifier,
} from '../http-request/mcp-token-verifier.ts'
export type {
  RequestError,
  RequestEvent,
  RequestFailedEvent,
  RequestRefusedEvent,
} from '../http-request/request-events.ts'
export type { ProtectedResourceMetadataOptions } from '../http-request/resource-metadata.ts'
export { type AuthErrorHandlerOptions, authErrorHandler } from './auth-error-handler.ts'
export type { RequireJwtOptions, VerifyRequestOptions } from './options.ts'
export { protectedResourceMetadata } from './protected-resource-metadata.ts'
export { headerToken } from './request/authorization-header.ts'
export { type CookieTokenOptions, cookieToken } from './request/cookie-token.ts'
export type { RequestLike } from './request/request-headers.ts'
export { getAuth } from './request-auth.ts'
export { requireAccess } from './require-access.ts'
export { requireJwt } from './require-jwt.ts'
export { verifyRequest } from './verify-request.ts'
