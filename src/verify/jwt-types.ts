/**
 * The types of keys, headers, claims and verified tokens.
 */

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

/** The claims of a verified token (RFC 7519 s4.1). Claims without a declared type are `unknown`. */
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

/** A token that passed every check. Deeply frozen, except class instances that a schema created. Does not contain the token. */
export interface VerifiedToken<Claims = JwtClaims> {
  /** The JWT claims set, or the output of the issuer's `claims` schema. */
  readonly claims: Claims
  /** The JOSE header. */
  readonly header: JwtHeader
  /** The trusted issuer that signed the token: the same string as `iss`. */
  readonly issuer: string
  /** The nonce for the next DPoP proof of the client, for the `DPoP-Nonce` header (RFC 9449 s9). Only with `dpop.nonce`. */
  readonly nextNonce?: string
}
