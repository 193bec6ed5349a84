/**
 * Token verification for servers of the Model Context Protocol, which are Express apps: the `verifier` for `requireBearerAuth` of
 * `@modelcontextprotocol/sdk`. The types match those of the SDK, which is not imported.
 */
import {
  assertObject,
  assertVerifiedToken,
  assertVerifier,
  claimsSetOf,
  readFunction,
  readGrantedScopes,
  readOptions,
  settle,
} from '../verify/adapter-kit.ts'
import { ConfigError, TokenError, type VerifiedToken, type Verifier } from '../verify/index.ts'
import { quotable } from './http-error.ts'
import { readRefusal, toFailure } from './refusal.ts'
import { readResource } from './resource.ts'

type OAuthErrorClass = new (message: string) => Error

/** The options of `mcpTokenVerifier`. Both are required. */
export interface McpTokenVerifierOptions {
  /**
   * The resource identifier of the server, as in its metadata: an https URL (or http on loopback) without fragment. `aud` must
   * contain exactly this string, in addition to the verifier's own `audience` check, although RFC 8707 s2 allows an issuer to map
   * the resource to another `aud`. Only for an origin without a path, both spellings are accepted, `https://mcp.example.com` and
   * `https://mcp.example.com/`: they are the same URL (RFC 3986 s6.2.3), and clients of the SDK ask for the second.
   */
  readonly resource: string
  /**
   * The SDK's error classes, from `@modelcontextprotocol/sdk/server/auth/errors.js`: `requireBearerAuth` sends 401 and 403 only
   * for instances of these.
   */
  readonly errors: {
    readonly InvalidTokenError: OAuthErrorClass
    readonly InsufficientScopeError: OAuthErrorClass
  }
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
   * @throws the SDK's `InvalidTokenError` or `InsufficientScopeError`, or {@link KeysError} during an outage
   */
  verifyAccessToken(token: string): Promise<McpAuthInfo<Claims>>
}

/**
 * Creates the `verifier` for the SDK's `requireBearerAuth`, which sends 401 for a rejected token and 500 during an outage of the
 * issuer. `aud` must contain the resource identifier (RFC 8707 s2).
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
  const { resource, errors: classes } = readOptions('options', options, {
    resource: true,
    errors: true,
  })
  const audiences = toAudiences(resource, readResource(resource))
  const errors = readErrors(classes)
  return {
    async verifyAccessToken(token) {
      try {
        const verified = await settle('verifier', verifier.verify(token))
        assertVerifiedToken(verified)
        assertBoundTo(audiences, verified)
        return toAuthInfo(token, resource, verified as VerifiedToken<Claims>)
      } catch (error) {
        throw toSdkError(error, errors)
      }
    },
  }
}

function readErrors(errors: unknown): McpTokenVerifierOptions['errors'] {
  assertObject('errors', errors)
  const { InvalidTokenError, InsufficientScopeError } = errors as Record<string, unknown>
  if (!InvalidTokenError || !InsufficientScopeError) {
    throw new ConfigError('"errors" must contain "InvalidTokenError" and "InsufficientScopeError"')
  }
  readFunction('errors.InvalidTokenError', InvalidTokenError)
  readFunction('errors.InsufficientScopeError', InsufficientScopeError)
  return { InvalidTokenError, InsufficientScopeError } as McpTokenVerifierOptions['errors']
}

/** The ways to write the resource in `aud`: two for an origin, one for any other URL. */
function toAudiences(resource: string, { origin }: URL): readonly string[] {
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

function toSdkError(error: unknown, errors: McpTokenVerifierOptions['errors']): unknown {
  const refusal = readRefusal(error)
  if (refusal === undefined) return toFailure(error)
  const { status, message } = refusal
  // the SDK sends 500 for any other error, without its message
  if (status >= 500) return error
  const SdkError = status === 403 ? errors.InsufficientScopeError : errors.InvalidTokenError
  // the SDK copies the message into a header without escaping it
  return new SdkError(quotable(message) ?? 'The token was rejected')
}
