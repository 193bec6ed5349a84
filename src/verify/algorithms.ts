/**
 * The signature algorithms that can be verified, and what each asks of a key and of `node:crypto`.
 */
import { constants, createPublicKey } from 'node:crypto'

/** What one `alg` value means. */
export interface AlgorithmRule {
  /** The key type it needs (RFC 7518 s6.1, RFC 8037 s2, RFC 9964). */
  readonly kty: 'RSA' | 'EC' | 'OKP' | 'AKP'
  /** The curve it needs, of `EC` and `OKP` keys. */
  readonly crv?: string
  /** The digest for `crypto.verify`; `null` where the algorithm has its own. */
  readonly digest: string | null
  /** What `crypto.verify` takes beside the key. */
  readonly parameters?: {
    readonly padding?: number
    readonly saltLength?: number
    readonly dsaEncoding?: 'ieee-p1363'
  }
  /** Whether it is dear enough to be worth a trip to the thread pool. */
  readonly inPool: boolean
}

const pss = {
  padding: constants.RSA_PKCS1_PSS_PADDING,
  // RFC 7518 s3.5: the salt is as long as the hash
  saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
}
// RFC 7518 s3.4: a signature is r and s side by side, not DER
const ecdsa = { dsaEncoding: 'ieee-p1363' } as const
const own = { digest: null, inPool: true }

const RULES = {
  RS256: { kty: 'RSA', digest: 'sha256', inPool: false },
  RS384: { kty: 'RSA', digest: 'sha384', inPool: false },
  RS512: { kty: 'RSA', digest: 'sha512', inPool: false },
  PS256: { kty: 'RSA', digest: 'sha256', parameters: pss, inPool: false },
  PS384: { kty: 'RSA', digest: 'sha384', parameters: pss, inPool: false },
  PS512: { kty: 'RSA', digest: 'sha512', parameters: pss, inPool: false },
  ES256: { kty: 'EC', crv: 'P-256', digest: 'sha256', parameters: ecdsa, inPool: true },
  ES384: { kty: 'EC', crv: 'P-384', digest: 'sha384', parameters: ecdsa, inPool: true },
  ES512: { kty: 'EC', crv: 'P-521', digest: 'sha512', parameters: ecdsa, inPool: true },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', ...own },
  Ed25519: { kty: 'OKP', crv: 'Ed25519', ...own },
  'ML-DSA-44': { kty: 'AKP', ...own },
  'ML-DSA-65': { kty: 'AKP', ...own },
  'ML-DSA-87': { kty: 'AKP', ...own },
} as const satisfies Record<string, AlgorithmRule>

/** A signature algorithm that is supported. ML-DSA needs a runtime that has it (Node 24.7 and up). */
export type Algorithm = keyof typeof RULES

/** The rule of each algorithm. A `Map`, so that no `alg` reaches the prototype of an object. */
export const ALGORITHM_RULES: ReadonlyMap<string, AlgorithmRule> = new Map(Object.entries(RULES))

// FIPS 204 table 2
const ML_DSA_KEY_BYTES = new Map([
  ['ML-DSA-44', 1312],
  ['ML-DSA-65', 1952],
  ['ML-DSA-87', 2592],
])

/** The names of all algorithms. */
export const ALGORITHMS: readonly Algorithm[] = Object.keys(RULES) as Algorithm[]

/** Whether this version of Node can verify it. Only ML-DSA is ever missing. */
export function isAvailable(alg: string): boolean {
  const bytes = ML_DSA_KEY_BYTES.get(alg)
  if (bytes === undefined) return true
  const key = { kty: 'AKP', alg, pub: Buffer.alloc(bytes).toString('base64url') }
  try {
    createPublicKey({ key, format: 'jwk' })
    return true
  } catch {
    return false
  }
}
