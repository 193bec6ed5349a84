/**
 * Token verification for servers of the Model Context Protocol: the `verifier` for `requireBearerAuth` of versions 1 and 2 of its
 * SDK. The types match those of the SDK, which is not imported.
 */
import {
  assertObject,
  assertVerifiedToken,
  assertVerifier,
  claimsSetOf,
  readFunction,
  readGrantedScopes,
  readOptional,
  readOptions,
  readStrings,
  settle,
} from '../verify/adapter-kit.ts'
import { ConfigError, TokenError, type VerifiedToken, type Verifier } from '../verify/index.ts'
import { quotable } from './http-error.ts'
import { readRefusal, toFailure } from './refusal.ts'
import { readResource } from './resource.ts'

/** The error classes of version 1 of the SDK, from `@modelcontextprotocol/sdk/server/auth/errors.js`. */
export interface McpErrorsV1 {
  readonly InvalidTokenError: new (message: string) => Error
  readonly InsufficientScopeError: new (message: string) => Error
}

/** The error class of version 2 of the SDK, from `@modelcontextprotocol/server`. */
export interface McpErrorsV2 {
  readonly OAuthError: new (code: string, message: string) => Error
}

/** The error classes of the SDK. */
export type McpErrors = McpErrorsV1 | McpErrorsV2

/** The options of `mcpTokenVerifier`. */
export interface McpTokenVerifierOptions {
  /**
   * The resource identifier of the server, as in its metadata: an https URL (or http on loopback) without fragment. Required.
   *
   * Without `audience`, `aud` must contain exactly this string, in addition to the verifier's own `audience` check. Only for an
   * origin without a path, both spellings are accepted, `https://mcp.example.com` and `https://mcp.example.com/`: they are the same
   * URL (RFC 3986 s6.2.3), and clients of the SDK ask for the second.
   */
  readonly resource: string
  /**
   * What `aud` must contain in place of `resource`, exactly, for issuers that name a server in another way (RFC 8707 s2 allows
   * that): Auth0's API identifier, or Entra's application ID.
   *
   * Security: a token for any of these is accepted, so they must name this server alone.
   * @defaultValue `resource`
   */
  readonly audience?: string | readonly string[] | undefined
  /**
   * The SDK's error classes: its `requireBearerAuth` sends 401 and 403 only for instances of these. Required. Version 1:
   * `import * as errors from '@modelcontextprotocol/sdk/server/auth/errors.js'`. Version 2: `{ OAuthError }` of
   * `@modelcontextprotocol/server`.
   */
  readonly errors: McpErrors
}

/** The SDK's `AuthInfo`. `requireBearerAuth` sets it as `req.auth`, and tools receive it as `extra.authInfo`. */
export interface McpAuthInfo<Claims> {
  /** The token itself, which the SDK requires. Security: it is only for this server. Never pass it to another service. */
  token: string
  /** `client_id`, else `azp`, else an empty string. */
  clientId: string
  /** The scopes of the token. */
  scopes: string[]
  /** The expiry (`exp`), in seconds since 1970. */
  expiresAt: number
  /** The resource identifier of this server. */
  resource: URL
  /** The verified claims and the issuer. */
  extra: { claims: Claims; issuer: string }
}

/** The SDK's `OAuthTokenVerifier`. */
export interface McpTokenVerifier<Claims> {
  /**
   * Verifies a token for `requireBearerAuth`.
   * @throws one of the SDK's errors, or {@link KeysError} during an outage
   */
  verifyAccessToken(token: string): Promise<McpAuthInfo<Claims>>
}

/**
 * Creates the `verifier` for the SDK's `requireBearerAuth`, which sends 401 for a rejected token and 500 during an outage of the
 * issuer. `aud` must contain the resource identifier (RFC 8707 s2), or the `audience`. With the `requiredScopes` of the SDK, its 401 and
 * 403 name these scopes.
 *
 * @example
 * ```ts
 * app.use(requireBearerAuth({
 *   verifier: mcpTokenVerifier(verifier, { resource: 'https://mcp.example.com/mcp', errors }),
 *   resourceMetadataUrl: 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp',
 * }))
 * ```
 * @param verifier - the return value of `createVerifier`
 * @param options - the resource identifier and the SDK's error classes
 * @throws {@link ConfigError} `ERR_CONFIG_INVALID` that names the invalid option
 */
export function mcpTokenVerifier<Claims>(
  verifier: Verifier<Claims>,
  options: McpTokenVerifierOptions,
): McpTokenVerifier<Claims> {
  assertVerifier(verifier)
  const own = readOptions('mcpTokenVerifier()', options, {
    resource: true,
    audience: true,
    errors: true,
  })
  const { resource } = own
  const spellings = toSpellings(resource, readResource(resource))
  const audiences = readOptional(readStrings, 'audience', own.audience) ?? spellings
  const toError = readErrors(own.errors)
  return {
    async verifyAccessToken(token) {
      try {
        const verified = await settle('verifier', verifier.verify(token))
        assertVerifiedToken(verified)
        assertBoundTo(audiences, verified)
        return toAuthInfo(token, resource, verified as VerifiedToken<Claims>)
      } catch (error) {
        throw toSdkError(error, toError)
      }
    },
  }
}

/** Creates an error of the SDK. */
type ToError = (code: 'invalid_token' | 'insufficient_scope', message: string) => Error

function readErrors(errors: unknown): ToError {
  assertObject('errors', errors)
  const { OAuthError, InvalidTokenError, InsufficientScopeError } = errors as Partial<
    McpErrorsV1 & McpErrorsV2
  >
  // version 1 has all three, and its OAuthError takes other arguments
  if (InvalidTokenError && InsufficientScopeError) {
    readFunction('errors.InvalidTokenError', InvalidTokenError)
    readFunction('errors.InsufficientScopeError', InsufficientScopeError)
    return (code, message) =>
      code === 'invalid_token'
        ? new InvalidTokenError(message)
        : new InsufficientScopeError(message)
  }
  if (!OAuthError || InvalidTokenError || InsufficientScopeError) {
    throw new ConfigError(
      '"errors" must contain "InvalidTokenError" and "InsufficientScopeError" of version 1 of the SDK, or "OAuthError" of version 2',
    )
  }
  readFunction('errors.OAuthError', OAuthError)
  return (code, message) => new OAuthError(code, message)
}

/** The ways to write the resource in `aud`: two for an origin, one for any other URL. */
function toSpellings(resource: string, { origin }: URL): readonly string[] {
  const spellings = [origin, `${origin}/`]
  return spellings.includes(resource) ? spellings : [resource]
}

function assertBoundTo(audiences: readonly string[], verified: VerifiedToken<unknown>): void {
  const { aud } = claimsSetOf(verified)
  const own: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  if (audiences.some((one) => own.includes(one))) return
  throw new TokenError('ERR_CLAIM_AUDIENCE')
}

function toAuthInfo<Claims>(
  token: string,
  resource: string,
  verified: VerifiedToken<Claims>,
): McpAuthInfo<Claims> {
  const claims = claimsSetOf(verified)
  const clientId = claims['client_id'] ?? claims['azp']
  return {
    token,
    clientId: typeof clientId === 'string' ? clientId : '',
    scopes: [...readGrantedScopes(claims)].filter((scope) => scope !== ''),
    expiresAt: claims['exp'] as number,
    resource: new URL(resource),
    extra: { claims: verified.claims, issuer: verified.issuer },
  }
}

function toSdkError(error: unknown, toError: ToError): unknown {
  const refusal = readRefusal(error)
  if (refusal === undefined) return toFailure(error)
  const { status, message } = refusal
  // the SDK sends 500 for any other error, without its message
  if (status >= 500) return error
  // version 1 of the SDK copies the message into a header without escaping it
  const text = quotable(message) ?? 'The token was rejected'
  return toError(status === 403 ? 'insufficient_scope' : 'invalid_token', text)
}
