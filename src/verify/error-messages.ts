/**
 * The messages of the errors: fixed text without quotes or backslashes, so that they are safe in logs and headers.
 */

export const TOKEN_MESSAGES = {
  ERR_TOKEN_MISSING: 'No token was sent',
  ERR_TOKEN_REQUEST: 'The credentials in the request are malformed or repeated',
  ERR_TOKEN_TOO_LARGE: 'The token is too large',
  ERR_TOKEN_MALFORMED: 'The token is not a well-formed JWT',
  ERR_TOKEN_UNSUPPORTED: 'The token uses a feature that is not supported here',
  ERR_TOKEN_ALGORITHM: 'The token is signed with an algorithm that is not allowed',
  ERR_TOKEN_TYPE: 'Unexpected token type (typ)',
  ERR_TOKEN_SIGNATURE: 'The signature of the token is wrong',
  ERR_TOKEN_EXPIRED: 'The token has expired',
  ERR_TOKEN_NOT_ACTIVE: 'The token is not active yet',
  ERR_TOKEN_TOO_OLD: 'The token was issued too long ago',
  ERR_TOKEN_REVOKED: 'The token was revoked',
  ERR_TOKEN_CHECK: 'The token was rejected by a rule of this service',
  ERR_CLAIM_ISSUER: 'The token is from an issuer that is not trusted here',
  ERR_CLAIM_AUDIENCE: 'The token is for another audience',
  ERR_CLAIM_CLIENT_ID: 'The token was issued to another client',
  ERR_CLAIM_TOKEN_USE:
    'The token is of the wrong kind: an ID token where an access token is wanted, or the reverse',
  ERR_CLAIM_MISSING: 'The token lacks a required claim',
  ERR_CLAIM_INVALID: 'The token has an invalid claim',
  ERR_KEY_NOT_FOUND: "No key matches the token's key ID (kid)",
  ERR_KEY_UNUSABLE: 'The key cannot be used to verify this token',
  ERR_PROOF_MISSING: 'The token is bound to a key, and was sent without a DPoP proof of that key',
  ERR_PROOF_INVALID: 'The DPoP proof is not valid for this request',
  ERR_PROOF_NONCE: 'The DPoP proof must contain the nonce that this server has sent',
  ERR_PROOF_REPLAYED: 'The DPoP proof was used before',
  ERR_CERTIFICATE_MISMATCH: 'The token is bound to another client certificate',
} as const

export const ACCESS_MESSAGES = {
  ERR_ACCESS_SCOPE: 'The token lacks a required scope',
  ERR_ACCESS_GROUP: 'The caller is not in a required group',
  ERR_ACCESS_DENIED: 'Access was denied by a rule of this service',
  ERR_ACCESS_AUTHENTICATION: 'The user must authenticate again, in a stronger way or more recently',
  ERR_CLAIMS_PARTIAL: 'The authorizer could not pass on all claims of the token',
} as const

export const KEYS_MESSAGES = {
  ERR_JWKS_UNAVAILABLE: 'The keys of the issuer cannot be fetched at the moment',
  ERR_JWKS_INVALID: 'The issuer did not return a usable key set',
  ERR_JWKS_NOT_LOADED: 'The keys of the issuer are not loaded yet',
} as const

export const STORE_MESSAGES = {
  ERR_STORE_UNAVAILABLE: 'The replay store is not available at the moment',
  ERR_REVOCATIONS_UNAVAILABLE: 'The list of revoked tokens cannot be read at the moment',
} as const

/** What is wrong with text that was sent instead of a token. */
const TEXT_REASONS = {
  scheme: 'The token begins with the word Bearer: send the scheme once, in front of the token',
  quoted: 'The token is in quotes',
  line_break: 'The token contains a line break',
  space: 'The token contains a space or a tab',
  json: 'JSON or an object was sent instead of a token',
  placeholder: 'A placeholder was sent instead of a token',
  characters: 'The token contains characters that no token has',
} as const

/** The reasons with a message of their own, for each code. */
const REASON_MESSAGES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ERR_TOKEN_MISSING: {
    empty: 'No bearer token was sent: the Authorization header is empty',
    scheme: 'No bearer token was sent: the Authorization header has another scheme',
    no_scheme: 'No bearer token was sent: the Authorization header lacks the scheme Bearer',
    quoted: 'No bearer token was sent: the Authorization header is in quotes',
    json: 'No bearer token was sent: the Authorization header has JSON or an object',
    placeholder: 'No bearer token was sent: the Authorization header has a placeholder',
  },
  ERR_TOKEN_REQUEST: {
    ...TEXT_REASONS,
    repeated: 'The request has more than one token, or more than one header for it',
    empty: 'No token follows the scheme Bearer',
    separator: 'The scheme Bearer and the token must be separated by spaces',
  },
  ERR_TOKEN_MALFORMED: {
    scheme: TEXT_REASONS.scheme,
    encrypted: 'The token is encrypted (JWE), and only signed tokens are supported here',
    opaque: 'The token is opaque: it is not a JWT, which has three parts with dots between them',
    empty: 'The word undefined or null was sent instead of a token',
  },
  ERR_TOKEN_ALGORITHM: {
    encrypted: 'The token is encrypted (JWE), and only signed tokens are supported here',
  },
  ERR_TOKEN_NOT_ACTIVE: { future: 'The token was issued in the future (iat)' },
  ERR_ACCESS_DENIED: { undecided: 'The request contains the key of its route' },
  ERR_CLAIM_AUDIENCE: { invalid: 'The token has an invalid audience (aud)' },
  ERR_KEY_UNUSABLE: { issuer_mismatch: 'The key of this key ID (kid) is for another issuer' },
  ERR_REVOCATIONS_UNAVAILABLE: {
    not_loaded: 'The list of revoked tokens is not loaded yet',
  },
  ERR_PROOF_INVALID: {
    scheme: 'A DPoP proof was sent without the scheme DPoP in the Authorization header',
    repeated: 'More than one DPoP proof was sent',
    too_large: 'The DPoP proof is too large',
    malformed: 'The DPoP proof is not a well-formed JWT',
    typ: 'The DPoP proof has the wrong type (typ)',
    alg: 'The DPoP proof is signed with an algorithm that is not allowed',
    crit: 'The DPoP proof uses a feature that is not supported here',
    jwk: 'The DPoP proof has no usable public key (jwk)',
    signature: 'The signature of the DPoP proof is wrong',
    htm: 'The DPoP proof is for another method (htm)',
    htu: 'The DPoP proof is for another URL (htu)',
    iat: 'The DPoP proof is too old, or was made in the future (iat)',
    ath: 'The DPoP proof is for another token (ath)',
    jkt: 'The DPoP proof was made with another key than the one that the token is bound to',
    jti: 'The DPoP proof has no identifier (jti)',
  },
  ERR_CERTIFICATE_MISMATCH: {
    missing: 'The token is bound to a client certificate, and none was presented',
  },
  ERR_JWKS_UNAVAILABLE: {
    network:
      'The keys of the issuer cannot be fetched at the moment: the request to the issuer failed',
    timeout:
      'The keys of the issuer cannot be fetched at the moment: the issuer did not respond in time',
  },
}

/** The claims and header members that a message may name. A name of the configuration may have any characters. */
const NAMED_CLAIMS: ReadonlySet<string> = new Set([
  ...['iss', 'aud', 'sub', 'exp', 'nbf', 'iat', 'jti', 'client_id', 'azp', 'token_use'],
  ...['cnf', 'kid'],
])

interface Details {
  readonly claim?: string | undefined
  readonly reason?: string | undefined
  readonly expected?: { readonly slashAtEnd?: boolean | undefined } | undefined
}

/** The message of an error: that of its reason, if it has one, else that of its code. */
export function messageOf(
  code: string,
  message: string,
  { claim, reason, expected }: Details,
): string {
  if (expected?.slashAtEnd !== undefined) return `${message}: only a slash at the end differs`
  if (reason === undefined) return message
  const own = REASON_MESSAGES[code]
  if (own !== undefined && Object.hasOwn(own, reason)) return own[reason] as string
  if (claim === undefined || !NAMED_CLAIMS.has(claim)) return message
  if (reason === 'missing') return `The token has no ${claim}`
  return reason === 'invalid' ? `The token has an invalid ${claim}` : message
}
