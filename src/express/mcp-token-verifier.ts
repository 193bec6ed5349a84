/**
 * Tokens for servers of the Model Context Protocol, which are Express apps: what `requireBearerAuth` of
 * `@modelcontextprotocol/sdk` takes. Nothing is imported from there; the shapes are those of the SDK.
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

/** What `mcpTokenVerifier` has to be told. */
export interface McpTokenVerifierOptions {
  /**
   * The identifier of the server, as its metadata names it. `aud` must hold exactly this string, whatever the
   * verifier's own `audience` says: no slash is added or removed (RFC 8707 s2 would let a server map it to another).
   */
  readonly resource: string
  /**
   * The SDK's own errors, from `@modelcontextprotocol/sdk/server/auth/errors.js`: `requireBearerAuth` answers 401 and
   * 403 to instances of these alone.
   */
  readonly errors: {
    readonly InvalidTokenError: OAuthErrorClass
    readonly InsufficientScopeError: OAuthErrorClass
  }
}

/** The SDK's `AuthInfo`: what `requireBearerAuth` puts into `req.auth`, and tools get as `extra.authInfo`. */
export interface McpAuthInfo<Claims> {
  /** The token itself, which the SDK asks for. It is for this server alone: never send it on. */
  token: string
  /** `client_id`, else `azp`, else nothing. */
  clientId: string
  scopes: string[]
  /** In seconds since 1970. */
  expiresAt: number
  resource: URL
  extra: { claims: Claims; issuer: string }
}

/** The SDK's `OAuthTokenVerifier`. */
export interface McpTokenVerifier<Claims> {
  /** @throws the SDK's `InvalidTokenError` or `InsufficientScopeError`, or {@link KeysError} in an outage */
  verifyAccessToken(token: string): Promise<McpAuthInfo<Claims>>
}

/**
 * Makes the `verifier` for `requireBearerAuth`. A token that is refused is a 401 there, an outage of the issuer a 500.
 *
 * @example
 * ```ts
 * app.use(requireBearerAuth({
 *   verifier: mcpTokenVerifier(verifier, { resource: 'https://mcp.example.com/mcp', errors }),
 *   resourceMetadataUrl: 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp',
 * }))
 * ```
 * @throws {@link ConfigError} that names the option that is wrong
 */
export function mcpTokenVerifier<Claims>(
  verifier: Verifier<Claims>,
  options: McpTokenVerifierOptions,
): McpTokenVerifier<Claims> {
  assertVerifier(verifier)
  const { resource, errors: classes } = readOptions('options', options, ['resource', 'errors'])
  readResource(resource)
  const errors = readErrors(classes)
  return {
    async verifyAccessToken(token) {
      try {
        const verified = await settle('verifier', verifier.verify(token))
        assertVerifiedToken(verified)
        assertBoundTo(resource, verified)
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
    throw new ConfigError('"errors" must hold "InvalidTokenError" and "InsufficientScopeError"')
  }
  readFunction('errors.InvalidTokenError', InvalidTokenError)
  readFunction('errors.InsufficientScopeError', InsufficientScopeError)
  return { InvalidTokenError, InsufficientScopeError } as McpTokenVerifierOptions['errors']
}

function assertBoundTo(resource: string, verified: VerifiedToken<unknown>): void {
  const { aud } = claimsSetOf(verified)
  if (aud === resource || (Array.isArray(aud) && aud.includes(resource))) return
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
  // the SDK answers everything else with 500, and shows nothing of it
  if (status >= 500) return error
  const Refused = status === 403 ? errors.InsufficientScopeError : errors.InvalidTokenError
  // the SDK writes the message into a header as it is
  return new Refused(quotable(message) ?? 'The token was refused')
}
