/**
 * The token is bound to a key or a certificate, and an explanation gets neither a proof nor a connection.
 */
import type { Cause } from '../explanation.ts'
import type { Facts } from '../facts.ts'
import { list, quote } from '../show.ts'
import { cause, type Problem } from './cause.ts'

/** The verifier does not check what the token is bound to. */
export function boundToKey({ payload, nearest }: Facts): Cause {
  const checked = [...(nearest?.claims.confirmations ?? [])]
  const advice =
    checked.length > 0
      ? `The verifier checks ${list(checked)} and nothing else in "cnf".`
      : 'A bound token is not accepted as a plain bearer token. Set "dpop" or "mtls" in the options of createVerifier(), or have the issuer issue unbound tokens for this client.'
  return cause(
    'The token is bound to a key of its client (DPoP or mutual TLS)',
    `It has "cnf": ${quote(payload['cnf'])}. ${advice}`,
  )
}

/** The verifier wants a bound token. */
export function notBound(): Cause {
  return cause(
    'The token is not bound to a DPoP key',
    'It has no "cnf" with "jkt", and "dpop.required" is set, or the token came under the scheme DPoP. Have the client send a DPoP proof to the token endpoint, so that the issuer binds the token to its key (RFC 9449 s5).',
  )
}

export function findMissingProofCauses(): Cause[] {
  return [
    cause(
      'The token is bound to a DPoP key, and no proof of this key was presented',
      'Send the token as "Authorization: DPoP <token>", with a new proof in the header DPoP for each request. A function that wraps verify() must pass on both arguments. An explanation gets no proof, so this is all that it says about a good token, too.',
    ),
  ]
}

export function findProofCauses(_facts: Facts, { code, reason }: Problem): Cause[] {
  if (code === 'ERR_PROOF_REPLAYED') {
    return [
      cause(
        'The proof was used before',
        'Have the client make a new proof, with a new "jti", for each request, also when it tries again.',
      ),
    ]
  }
  if (code === 'ERR_PROOF_NONCE') {
    return [
      cause(
        'The proof lacks a current nonce of this server',
        'Have the client try again with the value of the header DPoP-Nonce of the response as "nonce". For pages of another origin, CORS must expose this header.',
      ),
    ]
  }
  if (reason === 'jkt') {
    return [
      cause(
        'The proof is of another key than the token is bound to',
        'Sign the proof with the key whose thumbprint is the "jkt" in "cnf" of the token. Whoever has only copied the token does not have this key.',
      ),
    ]
  }
  return [
    cause(
      'The proof is not good for this request',
      reason === 'htu'
        ? 'It is for another URL. Compare its "htu" with "origin": scheme, host, and the part of the path that a proxy removes.'
        : `What failed: ${reason ?? 'unknown'}. The proof must be for this method, URL and token, and of the key that the token is bound to (RFC 9449 s4.3).`,
    ),
  ]
}

export function findCertificateCauses(_facts: Facts, { reason }: Problem): Cause[] {
  return [
    cause(
      reason === 'missing'
        ? 'The token is bound to a client certificate, and none was presented'
        : 'The token is bound to another client certificate',
      'Present the certificate with which the client got the token. Behind a proxy that ends TLS, name its header with "trustedCertificateHeader". An explanation gets no certificate, so this is all that it says about a good token, too.',
    ),
  ]
}

export function findStoreCauses(): Cause[] {
  return [
    cause(
      'The replay store cannot be reached',
      'The token may be good. Look at the cause of the error, and at the store.',
    ),
  ]
}
