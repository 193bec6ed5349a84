/**
 * The supported signature algorithms, with their requirements on keys and their `node:crypto` parameters.
 */
import { constants, createPublicKey } from 'node:crypto'

/** The definition of one `alg` value. */
export interface AlgorithmRule {
  /** The required key type (RFC 7518 s6.1, RFC 8037 s2, RFC 9964). */
  readonly kty: 'RSA' | 'EC' | 'OKP' | 'AKP'
  /** The required curve, for `EC` and `OKP` keys. */
  readonly crv?: string
  /** The digest for `crypto.verify`; `null` if the algorithm defines its own. */
  readonly digest: string | null
  /** Additional parameters for `crypto.verify`. */
  readonly parameters?: {
    readonly padding: number
    readonly saltLength: number
  }
  /** The length of a signature, in bytes. Omitted for RSA, where it depends on the key. */
  readonly signatureBytes?: number
  /** Whether verification is expensive enough to run in the libuv thread pool. */
  readonly inPool: boolean
  /**
   * The CPU time of one verification, in microseconds. Measured on Node 20, whose P-384 and P-521 are half as fast as those of
   * Node 24. For RSA: with the most expensive accepted key.
   */
  readonly cost: number
}

const pss = {
  padding: constants.RSA_PKCS1_PSS_PADDING,
  // RFC 7518 s3.5: the salt is as long as the hash
  saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
}

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
  ES256: { ...p256, digest: 'sha256' },
  ES384: { ...p384, digest: 'sha384' },
  ES512: { ...p521, digest: 'sha512' },
  EdDSA: ed25519,
  Ed25519: ed25519,
  // FIPS 204 table 2
  'ML-DSA-44': { kty: 'AKP', ...own, signatureBytes: 2_420, cost: 140 },
  'ML-DSA-65': { kty: 'AKP', ...own, signatureBytes: 3_309, cost: 210 },
  'ML-DSA-87': { kty: 'AKP', ...own, signatureBytes: 4_627, cost: 330 },
} as const satisfies Record<string, AlgorithmRule>

/** A supported signature algorithm. ML-DSA requires Node 24.7 or newer. */
export type Algorithm = keyof typeof RULES

/** All algorithm rules. A `Map`, so that no `alg` can reach the prototype of an object. */
export const ALGORITHM_RULES: ReadonlyMap<string, AlgorithmRule> = new Map(Object.entries(RULES))

// FIPS 204 table 2
/** The length of a public key, in bytes. */
export const ML_DSA_KEY_BYTES: ReadonlyMap<string, number> = new Map([
  ['ML-DSA-44', 1312],
  ['ML-DSA-65', 1952],
  ['ML-DSA-87', 2592],
])

/** The names of all algorithms. */
export const ALGORITHMS: readonly Algorithm[] = Object.keys(RULES) as Algorithm[]

/** Whether this version of Node supports each kind of ML-DSA key, once it was asked: importing one takes as long as a signature. */
const hasMlDsa = new Map<string, boolean>()

/** Whether this version of Node supports an algorithm. Only ML-DSA can be missing. */
export function isAvailable(alg: string): boolean {
  const bytes = ML_DSA_KEY_BYTES.get(alg)
  if (bytes === undefined) return true
  const isKnown = hasMlDsa.get(alg) ?? canImport(alg, bytes)
  hasMlDsa.set(alg, isKnown)
  return isKnown
}

function canImport(alg: string, bytes: number): boolean {
  const key = { kty: 'AKP', alg, pub: Buffer.alloc(bytes).toString('base64url') }
  try {
    createPublicKey({ key, format: 'jwk' })
    return true
  } catch {
    return false
  }
}
