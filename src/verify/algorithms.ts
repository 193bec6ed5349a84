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
  /** How long each signature is, in bytes; left out for RSA, where the key decides. */
  readonly signatureBytes?: number
  /** Whether a check is expensive enough to be worth a trip to the thread pool. */
  readonly inPool: boolean
  /**
   * How long one check takes, in microseconds of one core: measured on Node 20, whose P-384 and P-521 take twice as long as
   * those of Node 24; for RSA, with the most expensive key that is used.
   */
  readonly cost: number
}

const pss = {
  padding: constants.RSA_PKCS1_PSS_PADDING,
  // RFC 7518 s3.5: the salt is as long as the hash
  saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
}
// RFC 7518 s3.4: a signature is r and s side by side, not DER
const ecdsa = { dsaEncoding: 'ieee-p1363' } as const

const rsa = { kty: 'RSA', inPool: false, cost: 1_200 } as const
const p256 = { kty: 'EC', crv: 'P-256', signatureBytes: 64, inPool: true, cost: 140 } as const
const p384 = { kty: 'EC', crv: 'P-384', signatureBytes: 96, inPool: true, cost: 1_400 } as const
const p521 = { kty: 'EC', crv: 'P-521', signatureBytes: 132, inPool: true, cost: 3_200 } as const
const own = { digest: null, inPool: true } as const
const ed25519 = { kty: 'OKP', crv: 'Ed25519', ...own, signatureBytes: 64, cost: 230 } as const

const RULES = {
  RS256: { ...rsa, digest: 'sha256' },
  RS384: { ...rsa, digest: 'sha384' },
  RS512: { ...rsa, digest: 'sha512' },
  PS256: { ...rsa, digest: 'sha256', parameters: pss },
  PS384: { ...rsa, digest: 'sha384', parameters: pss },
  PS512: { ...rsa, digest: 'sha512', parameters: pss },
  ES256: { ...p256, digest: 'sha256', parameters: ecdsa },
  ES384: { ...p384, digest: 'sha384', parameters: ecdsa },
  ES512: { ...p521, digest: 'sha512', parameters: ecdsa },
  EdDSA: ed25519,
  Ed25519: ed25519,
  // FIPS 204 table 2
  'ML-DSA-44': { kty: 'AKP', ...own, signatureBytes: 2_420, cost: 140 },
  'ML-DSA-65': { kty: 'AKP', ...own, signatureBytes: 3_309, cost: 210 },
  'ML-DSA-87': { kty: 'AKP', ...own, signatureBytes: 4_627, cost: 330 },
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
