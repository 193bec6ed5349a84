/**
 * The shapes that users see: what they trust, what they may set, and what a verifier answers.
 */
import type { Agent } from 'node:http'
import type { Algorithm } from './algorithms.ts'
import type { VerifierEvent } from './events.ts'
import type { StandardSchemaV1 } from './standard-schema.ts'

/** A JSON Web Key (RFC 7517 s4). */
export interface JsonWebKey {
  readonly kty: string
  readonly kid?: string
  readonly alg?: string
  readonly use?: string
  readonly key_ops?: readonly string[]
  readonly [member: string]: unknown
}

/** A JSON Web Key Set (RFC 7517 s5). */
export interface JSONWebKeySet {
  readonly keys: readonly JsonWebKey[]
}

/** The JOSE header of a verified token (RFC 7515 s4). */
export interface JwtHeader {
  readonly alg: string
  readonly kid?: string
  readonly typ?: string
  readonly [member: string]: unknown
}

/** The claims of a verified token (RFC 7519 s4.1). Claims that no one described are `unknown`. */
export interface JwtClaims {
  readonly iss: string
  readonly exp: number
  readonly sub?: string
  readonly aud?: string | readonly string[]
  readonly nbf?: number
  readonly iat?: number
  readonly jti?: string
  readonly [claim: string]: unknown
}

/** A token that passed every check. Deeply frozen; the token itself is not kept. */
export interface VerifiedToken<Claims = JwtClaims> {
  /** The JWT claims set, or what the issuer's `claims` schema made of it. */
  readonly claims: Claims
  readonly header: JwtHeader
  /** The trusted issuer that signed the token: the same string as `iss`. */
  readonly issuer: string
}

/** An issuer whose tokens are accepted, and under which conditions. */
export interface TrustedIssuer<Claims = unknown> {
  /** Compared exactly with `iss`: no normalisation, no trailing slash added or removed. */
  readonly issuer: string
  /**
   * Any of these must be in `aud` (RFC 7519 s4.1.3).
   * Security: `null` switches the check off, so that a token for any other service of this issuer passes.
   */
  readonly audience: string | readonly string[] | null
  /**
   * Where the issuer's keys are: an https URL, or http on a host of this machine or of `jwks.insecureHosts`, written as the URL
   * parser writes it.
   * @defaultValue found by OpenID Connect Discovery, then RFC 8414, from `issuer`
   */
  readonly jwksUri?: string | undefined
  /** The keys themselves: nothing is ever fetched then. */
  readonly jwks?: JSONWebKeySet | undefined
  /**
   * The allow list of `alg` values, asymmetric ones only.
   * @defaultValue every supported one, further bound by each key's own `alg`
   */
  readonly algorithms?: readonly Algorithm[] | undefined
  /**
   * Which `typ` the header must have, in any case, with or without `application/`.
   * `'at+jwt'` is the profile of RFC 9068, which also requires iss, exp, aud, sub, client_id, iat and jti;
   * `'JWT'` also accepts a header without `typ`.
   * Security: `null` switches the check off, so that other kinds of token (logout, DPoP, events) may pass.
   * @defaultValue absent, `JWT` or `at+jwt`
   */
  readonly tokenType?: 'at+jwt' | 'JWT' | null | undefined
  /** The value that Cognito's `token_use` claim must have. */
  readonly tokenUse?: 'access' | 'id' | undefined
  /** `client_id` must be one of these, or `azp` where the token has no `client_id`. */
  readonly clientId?: string | readonly string[] | undefined
  /** The names of claims that must be there, and not null. */
  readonly requiredClaims?: readonly string[] | undefined
  /** The greatest age in seconds since `iat`, which is then required and may not lie in the future. */
  readonly maxTokenAgeSeconds?: number | undefined
  /** A Standard Schema (zod, valibot, arktype…) that checks and types the claims. It has to be a pure function. */
  readonly claims?: StandardSchemaV1<unknown, Claims> | undefined
}

/** An issuer as `cognito()` describes it. */
export interface CognitoTrustedIssuer<Claims = unknown> extends TrustedIssuer<Claims> {
  /** The user pool. The issuers of one pool are its two issuer forms, of which one may be out of use. */
  readonly userPoolId: string
}

/**
 * Finds the issuer of a token, for issuers that are not known when the verifier is made, such as tenants in a database.
 * Its result is cached for a minute, and `undefined` for ten seconds; `maxIssuers` issuers are kept. If it throws, or returns
 * nothing within `jwks.timeoutMs`, its last result is used until that is `jwks.maxStaleMs` old; without one, calls fail with
 * `ERR_JWKS_UNAVAILABLE`, and the function is called again after a second, two, and so on up to 30. If it returns another
 * issuer than the one that it was asked for, the token is rejected. The keys of an issuer are kept as long as `jwksUri`,
 * `jwks` and `algorithms` stay the same.
 *
 * Security: the token is not verified yet, so anybody can cause a call with any text of up to 2,048 characters that is
 * printable ASCII and, if it is a URL, written as the URL parser writes it. Use it as a lookup key, or compare all of it with a
 * pattern that is anchored at both ends.
 * @param issuer - the `iss` of a token; the `issuer` of the result must be the same
 */
export type TrustedResolver<Claims = unknown> = (
  issuer: string,
) => ResolvedIssuer<Claims> | Promise<ResolvedIssuer<Claims>>

/** An issuer, what `cognito()` answers, or nothing where the issuer is not trusted. */
export type ResolvedIssuer<Claims = unknown> =
  | TrustedIssuer<Claims>
  | readonly TrustedIssuer<Claims>[]
  | undefined

/**
 * What `createVerifier` takes: one issuer, or a list of them, which may hold what `cognito()` answers; or a function that
 * finds an issuer.
 */
export type Trusted =
  | TrustedIssuer
  | CognitoTrustedIssuer
  | readonly (TrustedIssuer | CognitoTrustedIssuer | readonly TrustedIssuer[])[]
  | TrustedResolver

/** The type of the claims that a verifier for this `Trusted` answers. */
export type ClaimsOf<T> = T extends (issuer: string) => infer Answer
  ? ClaimsOf<Exclude<Awaited<Answer>, undefined | null>>
  : T extends readonly (infer One)[]
    ? ClaimsOf<One>
    : T extends { readonly claims?: infer Schema }
      ? NonNullable<Schema> extends StandardSchemaV1<unknown, infer Claims>
        ? unknown extends Claims
          ? JwtClaims
          : Claims
        : JwtClaims
      : JwtClaims

/** How long the keys of an issuer are used, and how they are fetched. Times are in milliseconds. */
export interface JwksOptions {
  /** For one whole refresh, discovery and a retry included. @defaultValue 5000 */
  readonly timeoutMs?: number | undefined
  /** The lifetime of a key set whose response has no `Cache-Control: max-age`. @defaultValue 600000 */
  readonly maxAgeMs?: number | undefined
  /** The age past which no key is ever used, whatever is down. @defaultValue 7200000 */
  readonly maxStaleMs?: number | undefined
  /** The time in which one more refresh for an unknown `kid` is earned; 3 can be saved up. @defaultValue 10000 */
  readonly cooldownMs?: number | undefined
  /** The greatest size of a response body, in bytes. @defaultValue 524288 */
  readonly maxBytes?: number | undefined
  /** The greatest number of keys in a set. @defaultValue 100 */
  readonly maxKeys?: number | undefined
  /**
   * The agent of `node:https` that fetches the keys, for a private certificate authority (`new Agent({ ca })`) or a proxy. Not
   * with `fetch`.
   *
   * Security: which addresses it connects to is the agent's decision. Without one, a `jwks_uri` that discovery has found may
   * lead to this machine or a private network only if the issuer is there itself.
   * @defaultValue Node's own
   */
  readonly agent?: Agent | undefined
  /**
   * The names of hosts to which plain http is allowed, in compose files and clusters, such as `['keycloak']`: without scheme
   * and port, in lower case. Addresses of this machine, `localhost` and `*.localhost` always are.
   *
   * Security: whoever is on the network path to such a host can replace the keys, and with them sign any token.
   * @defaultValue none
   */
  readonly insecureHosts?: readonly string[] | undefined
}

/** What may be set for a whole verifier. */
export interface VerifierOptions<Claims = JwtClaims> {
  /** How far the clocks of the issuer and of this machine may differ, for exp, nbf and iat. @defaultValue 5 */
  readonly clockToleranceSeconds?: number | undefined
  /** Longer tokens are refused unread. @defaultValue 16384 */
  readonly maxTokenBytes?: number | undefined
  /**
   * How many verified tokens are remembered, by their digest, from their second verification on; `false` remembers none.
   * @defaultValue `{ max: 5000 }`
   */
  readonly tokenCache?: { readonly max: number } | false | undefined
  /**
   * How many issuers are kept that a function finds: so many of which a token was verified, and as many of others. Make it
   * as large as the number of issuers that are active at the same time. Without such a function it has no effect.
   * @defaultValue 1000
   */
  readonly maxIssuers?: number | undefined
  /** How the keys of the issuers are fetched and kept. */
  readonly jwks?: JwksOptions | undefined
  /**
   * A rule of your own. It runs after all others on every call, cached or not, and throws to refuse.
   * An error of this library goes to the caller as it is; any other becomes `ERR_TOKEN_CHECK`, with it as `cause`.
   */
  readonly check?: ((verified: VerifiedToken<Claims>) => void | Promise<void>) | undefined
  /** The way to the issuers' keys. @defaultValue a `GET` over `node:https` */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** The clock, in milliseconds since 1970. @defaultValue `Date.now` */
  readonly now?: (() => number) | undefined
  /** Told of what happens to the keys. What it throws is ignored. */
  readonly onEvent?: ((event: VerifierEvent) => void) | undefined
}

/** Verifies tokens. Its functions can be passed around on their own. */
export interface Verifier<Claims = JwtClaims> {
  /**
   * Checks a token completely, fetching keys where that is needed.
   * @throws {@link TokenError} when the token is refused
   * @throws {@link KeysError} when the issuer's keys cannot be had: this says nothing about the token
   * @throws {@link AccessError} when `check` throws one
   */
  verify(token: string): Promise<VerifiedToken<Claims>>
  /**
   * The same without I/O, for places that cannot wait. Refreshes nothing: call `hydrate()` every few minutes, and where
   * keys are not loaded all the same (a new key, or the other issuer form of a user pool), `verify` loads them.
   * @throws what `verify` rejects with, and {@link KeysError} `ERR_JWKS_NOT_LOADED` where keys would have to be fetched
   * @throws {@link ConfigError} where `check` or a `claims` schema is asynchronous
   */
  verifySync(token: string): VerifiedToken<Claims>
  /**
   * Loads the keys of every issuer that is listed, so that the first token need not wait; does nothing where they are not
   * due. Of the two issuer forms of a Cognito user pool, one that loads is enough. Where issuers are found by a function,
   * there is nothing to load. Resolves, too, where old keys may still be used because newer ones cannot be had.
   * @throws {@link KeysError} when an issuer's keys cannot be had
   */
  hydrate(): Promise<void>
  /** Resolves when no fetch of keys is in flight, for runtimes that freeze between calls. Never rejects. */
  settled(): Promise<void>
  /** Forgets keys and tokens, and gives up what is in flight. The verifier stays usable and starts afresh. */
  close(): void
}
