/**
 * The public types: trusted issuers, options, and the verifier with its results.
 */
import type { Agent } from 'node:http'
import type { Algorithm } from './algorithms.ts'
import type { DpopOptions, Presented } from './binding-types.ts'
import type { VerifierEvent } from './events.ts'
import type { JsonWebKey, JwtClaims, VerifiedToken } from './jwt-types.ts'
import type { RevocationList } from './revocations.ts'
import type { StandardSchemaV1 } from './standard-schema.ts'

export type { JSONWebKeySet, JsonWebKey, JwtClaims, JwtHeader, VerifiedToken } from './jwt-types.ts'

/** An issuer whose tokens are accepted, and the conditions that its tokens must meet. */
export interface TrustedIssuer<Claims = unknown> {
  /** The expected `iss`. The comparison is exact: no normalization, no trailing slash added or removed. */
  readonly issuer: string
  /**
   * Accepted audiences: `aud` must contain at least one of them (RFC 7519 s4.1.3). Required.
   *
   * Security: `null` turns the check off. A token for any other service of this issuer then passes.
   */
  readonly audience: string | readonly string[] | null
  /**
   * The URL of the issuer's key set, or of several sets whose keys are joined, in canonical form (as the URL parser writes it): https, or http on a loopback host or a
   * host in `jwks.insecureHosts`.
   * @defaultValue discovered from `issuer`: OpenID Connect Discovery first, then RFC 8414
   */
  readonly jwksUri?: string | readonly string[] | undefined
  /**
   * The issuer's public keys, as JWKs (RFC 7517 s5) or PEM (a public key or a certificate, whose dates are not checked). A
   * single key without `kid` fits every token. Without `jwksUri`, no key is ever fetched. With it, these keys are used until the first
   * set has been fetched from there, however long that takes.
   * @defaultValue keys are fetched
   */
  readonly jwks?: { readonly keys: readonly (JsonWebKey | string)[] } | undefined
  /**
   * Allowed values of `alg` (RFC 8725 s3.1). Only asymmetric algorithms are supported.
   * @defaultValue every algorithm that the runtime supports; the `alg` of a key restricts it further
   */
  readonly algorithms?: readonly Algorithm[] | undefined
  /**
   * The expected `typ` of the header, in any case, with or without `application/` (RFC 8725 s3.11).
   * `'at+jwt'`: the RFC 9068 profile, which also requires iss, exp, aud, sub, client_id, iat and jti, unless `requiredClaims` is
   * given. `'JWT'`: `JWT`, or no `typ`. Any other media type, such as `'JOSE'`: this one.
   *
   * Security: `null` turns the check off. Other kinds of JWT (logout tokens, DPoP proofs, security events) may then pass.
   * @defaultValue `JWT`, `at+jwt` or no `typ`
   */
  readonly tokenType?: 'at+jwt' | 'JWT' | (string & {}) | null | undefined
  /** The expected value of Cognito's `token_use` claim. @defaultValue not checked */
  readonly tokenUse?: 'access' | 'id' | undefined
  /** Accepted clients. Read from `clientIdClaim`. @defaultValue not checked */
  readonly clientId?: string | readonly string[] | undefined
  /**
   * The name of the one claim that has the client, such as `cid` or `appid`. Used with `clientId` only.
   * @defaultValue `client_id`, or `azp` if the token has no `client_id`
   */
  readonly clientIdClaim?: string | undefined
  /**
   * Where access rules read groups (`groups`, `allGroups`): the name of a claim, or a JSON Pointer into the claims (RFC 6901),
   * such as `/realm_access/roles`. A list of strings, or a string with one group.
   * @defaultValue `cognito:groups`, else `groups`
   */
  readonly groupsClaim?: string | undefined
  /**
   * Names of claims that must be present and not null.
   *
   * Security: with `tokenType: 'at+jwt'`, this list replaces the claims that RFC 9068 requires.
   * @defaultValue none, besides `iss`, `exp` and those of other options
   */
  readonly requiredClaims?: readonly string[] | undefined
  /** Maximum age in seconds since `iat`. `iat` is then required and cannot be in the future. @defaultValue no limit */
  readonly maxTokenAgeSeconds?: number | undefined
  /**
   * A Standard Schema (zod, valibot, arktype…) that validates and types the claims. It must be pure. What it returns takes the
   * place of the claims: an object schema that removes unknown members removes all other claims. @defaultValue none
   */
  readonly claims?: StandardSchemaV1<unknown, Claims> | undefined
}

/** A trusted issuer as `cognito()` returns it. */
export interface CognitoTrustedIssuer<Claims = unknown> extends TrustedIssuer<Claims> {
  /** The user pool. A pool has two issuer forms and may use only one of them. */
  readonly userPoolId: string
}

/**
 * Finds the issuer of a token. For issuers that are unknown when the verifier is created, such as tenants in a database.
 *
 * Its result is cached for one minute, `undefined` for ten seconds; `maxIssuers` limits the cache. If the function throws,
 * or returns nothing within `jwks.timeoutMs`, its last result keeps working until that is `jwks.maxStaleMs` old. Without one,
 * calls fail with `ERR_JWKS_UNAVAILABLE`, and the function is called again after 1 s, doubling to 30 s. The fetched keys of an
 * issuer are kept as long as `jwksUri`, `jwks` and `algorithms` stay the same.
 *
 * Security: `iss` is unverified input, and anybody can trigger a call. The text is printable ASCII of at most 2,048 characters,
 * and a URL is in canonical form. Use it only as a lookup key, or match all of it with a pattern anchored at both ends.
 * @param issuer - the `iss` of a token. The token is rejected if the `issuer` of the result does not match
 * @returns the trusted issuer, or `undefined` if the issuer is not trusted
 */
export type TrustedResolver<Claims = unknown> = (
  issuer: string,
) => ResolvedIssuer<Claims> | Promise<ResolvedIssuer<Claims>>

/** A trusted issuer, the return value of `cognito()`, or `undefined` if the issuer is not trusted. */
export type ResolvedIssuer<Claims = unknown> =
  | TrustedIssuer<Claims>
  | readonly TrustedIssuer<Claims>[]
  | undefined

/**
 * The first argument of `createVerifier`: an issuer, the return value of `cognito()`, a list of these, or a function that finds
 * the issuer of a token.
 */
export type Trusted =
  | TrustedIssuer
  | CognitoTrustedIssuer
  | readonly (TrustedIssuer | CognitoTrustedIssuer | readonly TrustedIssuer[])[]
  | TrustedResolver

/** The type of the claims that a verifier for this `Trusted` returns. */
export type ClaimsOf<T> = T extends (issuer: string) => infer Found
  ? ClaimsOf<Exclude<Awaited<Found>, undefined | null>>
  : T extends readonly (infer One)[]
    ? ClaimsOf<One>
    : T extends { readonly claims?: infer Schema }
      ? NonNullable<Schema> extends StandardSchemaV1<unknown, infer Claims>
        ? unknown extends Claims
          ? JwtClaims
          : Claims
        : JwtClaims
      : JwtClaims

/** How an issuer's keys are fetched and how long they are used. Times are in milliseconds. */
export interface JwksOptions {
  /** Time limit for one refresh, including discovery and a retry. @defaultValue 5000 */
  readonly timeoutMs?: number | undefined
  /** Lifetime of a key set if its response has no `Cache-Control: max-age` (RFC 9111 s5.2.2.1). @defaultValue 600000 */
  readonly maxAgeMs?: number | undefined
  /**
   * Age at which keys stop working, even if the issuer is down.
   *
   * Security: with a larger value, a key that the issuer has withdrawn keeps working longer during an outage.
   * @defaultValue 7200000
   */
  readonly maxStaleMs?: number | undefined
  /** An unknown `kid` triggers a refresh: at most three in a row per issuer, then one per `cooldownMs`. @defaultValue 10000 */
  readonly cooldownMs?: number | undefined
  /** Maximum size of a response body, in bytes. @defaultValue 524288 */
  readonly maxBytes?: number | undefined
  /** Maximum number of keys in a set. @defaultValue 100 */
  readonly maxKeys?: number | undefined
  /**
   * The `node:https` agent for key requests: for a private CA (`new Agent({ ca })`) or a proxy. Cannot be combined with `fetch`.
   *
   * Security: the agent decides which addresses it connects to. Without an agent, a discovered `jwks_uri` can lead to this
   * machine or a private network only if the issuer is there too.
   * @defaultValue Node's global agent
   */
  readonly agent?: Agent | undefined
  /**
   * Hosts to which plain http is allowed, for compose files and clusters, such as `['keycloak']`: lower case, without scheme and
   * port. Loopback addresses, `localhost` and `*.localhost` are always allowed.
   *
   * Security: an attacker on the network path to such a host can replace the keys, and then sign any token.
   * @defaultValue none
   */
  readonly insecureHosts?: readonly string[] | undefined
}

/** The options of a verifier. They are read once, by `createVerifier`. */
export interface VerifierOptions<Claims = JwtClaims> {
  /**
   * Allowed clock difference between the issuer and this machine, in seconds, for `exp`, `nbf` and `iat`. At most 600.
   *
   * Security: an expired token stays valid for this much longer.
   * @defaultValue 5
   */
  readonly clockToleranceSeconds?: number | undefined
  /** Maximum length of a token, in bytes. Longer tokens are rejected before they are decoded. @defaultValue 16384 */
  readonly maxTokenBytes?: number | undefined
  /**
   * The number of verified tokens in the cache. A token is cached when it is verified the second time. `false`: no cache.
   * @defaultValue `{ max: 5000 }`
   */
  readonly tokenCache?: { readonly max: number } | false | undefined
  /**
   * The number of cached issuers, if a function finds them: this many that come again and again, as many others with at least one
   * verified token, and as many without one. Set it to the number of issuers that are active at the same time. It has no effect on
   * listed issuers.
   * @defaultValue 1000
   */
  readonly maxIssuers?: number | undefined
  /**
   * The number of threads in libuv's thread pool. Set it if you set `UV_THREADPOOL_SIZE`, to the same number. Expensive signature
   * checks leave one thread to DNS lookups and file access. If the pool has only one, they use it for one check at a time.
   * @defaultValue 4
   */
  readonly threadPoolSize?: number | undefined
  /** How the keys of the issuers are fetched and how long they are used. @defaultValue see {@link JwksOptions} */
  readonly jwks?: JwksOptions | undefined
  /**
   * Your own rule. It runs last, on every call, cached or not. To reject a token, it throws a `TokenError` or an `AccessError`,
   * which reaches the caller unchanged, or returns `false`. Any other error becomes the `cause` of a `ConfigError` (500).
   * @defaultValue none
   */
  readonly check?: ((verified: VerifiedToken<Claims>) => void | Promise<void>) | undefined
  /**
   * The list of revoked tokens, which is asked on every call, cached or not: the return value of `createRevocations` of
   * `jwt-gate/stores`.
   * @defaultValue none: a token is valid until it expires
   */
  readonly revocations?: RevocationList | undefined
  /**
   * Tokens that are bound to a DPoP key (`cnf.jkt`) pass, with a proof of that key for each request (RFC 9449). A bound token
   * without its proof is rejected, cached or not.
   * @defaultValue bound tokens are rejected
   */
  readonly dpop?: DpopOptions | undefined
  /**
   * `true`: tokens that are bound to a client certificate (`cnf['x5t#S256']`) pass, on a connection with that certificate
   * (RFC 8705 s3).
   * @defaultValue bound tokens are rejected
   */
  readonly mtls?: boolean | undefined
  /**
   * Fetches the issuers' keys.
   *
   * Security: your function decides which addresses it connects to. The built-in request checks each address that a discovered
   * `jwks_uri` leads to.
   * @defaultValue a `GET` over `node:https`
   */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** The clock, in milliseconds since 1970, from 1e11 to 1e14: any other unit is a `ConfigError`. @defaultValue `Date.now` */
  readonly now?: (() => number) | undefined
  /** Receives events about keys and issuers. Errors that it throws are ignored. @defaultValue none */
  readonly onEvent?: ((event: VerifierEvent) => void) | undefined
}

/** Verifies tokens. Its functions do not depend on `this`. */
export interface Verifier<Claims = JwtClaims> {
  /**
   * Verifies a token: form, header, issuer, signature (RFC 7515 s5.2), claims (RFC 7519 s7.2), schema and `check`. Fetches the
   * issuer's keys if necessary.
   *
   * Without the option `revocations`, it does not check whether the token was revoked. It does not check whether the token was used
   * before (`jti`), or what its bearer may do: for scopes and groups, call `authorize`. It rejects tokens that are bound to a key
   * (`cnf`), unless `dpop` or `mtls` says how the binding is checked.
   *
   * @example
   * ```ts
   * const { claims } = await verifier.verify(token)
   * ```
   * @param token - the token, without the scheme `Bearer`
   * @param presented - what the request presents besides its token; used with `dpop` and `mtls` only. Conditions for tokens are
   * options of `createVerifier`
   * @returns the claims, the header and the issuer of the token
   * @throws {@link TokenError} `ERR_TOKEN_…`, `ERR_CLAIM_…` or `ERR_KEY_…` if the token is rejected; `ERR_PROOF_…` or
   * `ERR_CERTIFICATE_MISMATCH` if its binding does not hold
   * @throws {@link StoreError} `ERR_STORE_UNAVAILABLE` if the replay store fails. The token may be valid
   * @throws {@link KeysError} `ERR_JWKS_UNAVAILABLE` or `ERR_JWKS_INVALID` if there are no usable keys. The token may be valid
   * @throws {@link StoreError} `ERR_REVOCATIONS_UNAVAILABLE` if the list of revoked tokens cannot be read
   * @throws {@link AccessError} if `check` throws one
   * @throws {@link ConfigError} `ERR_CONFIG_INVALID` if a function in the configuration fails or returns something invalid, or if
   * `presented` has an unknown member
   */
  verify(token: string, presented?: Presented): Promise<VerifiedToken<Claims>>
  /**
   * Verifies a token like `verify`, without I/O. It never refreshes keys: call `hydrate()` every few minutes. A new key, or the
   * other issuer form of a user pool, is loaded only by `verify`.
   *
   * @example
   * ```ts
   * await verifier.hydrate()
   * const { claims } = verifier.verifySync(token)
   * ```
   * @param token - the token, without the scheme `Bearer`
   * @param presented - as for `verify`
   * @returns the claims, the header and the issuer of the token
   * @throws any error of `verify`, and {@link KeysError} `ERR_JWKS_NOT_LOADED` if keys would have to be fetched, or
   *   {@link StoreError} `ERR_REVOCATIONS_UNAVAILABLE` if the list of revoked tokens would
   * @throws {@link ConfigError} `ERR_CONFIG_INVALID` if `check`, a `claims` schema or `dpop.replay` is asynchronous
   */
  verifySync(token: string, presented?: Presented): VerifiedToken<Claims>
  /**
   * Loads the keys of all listed issuers and the list of revoked tokens, if due, so that the first token does not wait. For a Cognito user pool, the keys of one
   * issuer form are enough. Issuers that a function finds are skipped. Also resolves if only older keys are available.
   *
   * @example
   * ```ts
   * await verifier.hydrate()
   * ```
   * @throws {@link KeysError} `ERR_JWKS_UNAVAILABLE` or `ERR_JWKS_INVALID` if an issuer has no usable keys
   * @throws {@link StoreError} `ERR_REVOCATIONS_UNAVAILABLE` if the list of revoked tokens cannot be read
   */
  hydrate(): Promise<void>
  /**
   * Resolves when no request for keys or revocations is in flight, for runtimes that freeze between calls, such as AWS Lambda. Never rejects.
   *
   * @example
   * ```ts
   * await verifier.settled()
   * ```
   */
  settled(): Promise<void>
  /**
   * Clears cached keys and tokens and the list of revoked tokens, and cancels requests in flight. The verifier stays usable and fetches all of it again.
   *
   * @example
   * ```ts
   * verifier.close()
   * ```
   */
  close(): void
}
