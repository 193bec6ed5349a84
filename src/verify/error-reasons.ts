/**
 * The reasons of errors.
 */

/** The reason for an error, if the code alone is not specific enough. */
export type ErrorReason =
  // text that is no token, or a header without one
  | 'empty'
  | 'scheme'
  | 'separator'
  | 'repeated'
  | 'quoted'
  | 'line_break'
  | 'space'
  | 'json'
  | 'placeholder'
  | 'characters'
  // tokens of another kind
  | 'encrypted'
  | 'opaque'
  // claims and header members
  | 'missing'
  | 'invalid'
  | 'mismatch'
  | 'schema'
  | 'future'
  | 'not_in_use'
  // the route map of an authorizer does not have the route
  | 'no_route'
  // an event does not show for which route API Gateway caches the result
  | 'undecided'
  // the token stands in the header without the scheme Bearer
  | 'no_scheme'
  // an ECDSA signature does not have the length that its algorithm requires
  | 'length'
  // DPoP proofs: the header member or the claim that failed, or what else
  | 'malformed'
  | 'signature'
  | 'typ'
  | 'alg'
  | 'crit'
  | 'jwk'
  | 'htm'
  | 'htu'
  | 'iat'
  | 'ath'
  | 'jkt'
  | 'jti'
  // keys
  | 'ambiguous'
  | 'limited'
  // fetching keys
  | 'network'
  | 'timeout'
  | 'status'
  | 'redirect'
  | 'too_large'
  | 'not_json'
  | 'not_a_key_set'
  | 'no_usable_key'
  | 'issuer_mismatch'
  | 'closed'
  // the list of revoked tokens was not read yet
  | 'not_loaded'
  // too many signatures wait for the thread pool; says nothing about the issuer
  | 'busy'

/** Whether a rejection for this reason is a verdict on the token. It is not if its key was not looked up, or its route is not known. */
export function isVerdict(reason: unknown): boolean {
  return reason !== 'limited' && reason !== 'undecided'
}
