/**
 * `jwt-gate/fetch`: for everything that holds a web-standard `Request`, such as Hono, Next.js, Bun and Deno.
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
export { errorResponse } from './error-response.ts'
export { protectedResourceMetadata } from './protected-resource-metadata.ts'
export { type CookieTokenOptions, cookieToken, headerToken } from './request-tokens.ts'
export { type VerifyRequestOptions, verifyRequest } from './verify-request.ts'
