/**
 * What the figures are compared with: the parts of the work that nobody can leave out.
 */
import { createPublicKey, hash, verify } from 'node:crypto'

const DIGESTS = { RS256: 'sha256', ES256: 'sha256', EdDSA: null }

/** The signature on a key that is ready, of bytes that are ready. */
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

/** The floor for a cache that keeps no token, in the encoding that costs least. */
export const sha256 = { create: () => (token) => hash('sha256', token, 'latin1') }

/** What is in every figure for repeated tokens. */
export const stringAlone = { create: () => (token) => token.length }
