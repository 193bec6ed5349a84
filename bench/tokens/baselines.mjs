/**
 * The baselines for the figures: the parts of the work that no library can avoid.
 */
import { createPublicKey, hash, verify } from 'node:crypto'

const DIGESTS = { RS256: 'sha256', ES256: 'sha256', EdDSA: null }

/** The signature only, with a prepared key and prepared bytes. */
export const signatureAlone = {
  create: ({ alg, jwks }) => {
    const key = createPublicKey({ key: jwks.keys[0], format: 'jwk' })
    const input = alg === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' } : key
    const digest = DIGESTS[alg]
    return ({ signingInput, signature }) => {
      if (!verify(digest, signingInput, input, signature)) throw new Error('refused')
    }
  },
  prepare: (token) => {
    const end = token.lastIndexOf('.')
    return {
      signingInput: Buffer.from(token.slice(0, end), 'latin1'),
      signature: Buffer.from(token.slice(end + 1), 'base64url'),
    }
  },
}

/** The minimum for a cache that stores no tokens, in the cheapest encoding. */
export const sha256 = { create: () => (token) => hash('sha256', token, 'latin1') }

/** Included in every figure for repeated tokens. */
export const stringAlone = { create: () => (token) => token.length }
