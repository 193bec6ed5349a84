/**
 * Imports a JSON Web Key for `node:crypto`: one verification key for each algorithm that the JWK allows.
 */
import { createPublicKey, type KeyObject, type VerifyKeyObjectInput } from 'node:crypto'
import { ALGORITHM_RULES, type AlgorithmRule } from '../algorithms.ts'
import type { UnusableKeyReason } from '../events.ts'
import type { JsonObject } from '../token/json.ts'
import { type PublicMembers, readPublicMembers } from './public-members.ts'
import { isOfSmallOrder } from './small-order.ts'

/** A public key, bound to one algorithm. */
export interface VerificationKey {
  readonly alg: string
  readonly digest: string | null
  /** Whether its signatures are pairs of numbers, which OpenSSL takes as DER. */
  readonly isEcdsa: boolean
  /** The key argument for `crypto.verify`. */
  readonly input: KeyObject | VerifyKeyObjectInput
  /** The length of a signature, in bytes. */
  readonly signatureBytes: number
  /** Whether `verify` uses the thread pool. */
  readonly inPool: boolean
  /** The maximum CPU time of one verification, in microseconds. */
  readonly cost: number
  /** RSA only: a reusable buffer for one signature. It is only used synchronously, so calls cannot conflict. */
  readonly signature: Buffer | undefined
}

// RFC 7518 s3.3, s3.5
const MIN_RSA_BITS = 2048
// The smallest in use. Smaller exponents include 1, with which any signature "verifies", and 3, with well-known forgeries.
const MIN_RSA_EXPONENT = 65537n
// The publisher of a key decides the cost of each check: 3072 bits with an exponent of the same length take 13 ms.
const MAX_RSA_BITS = 8192
const MAX_RSA_EXPONENT = 2n ** 32n - 1n
// Up to this size, a check takes a third of a millisecond with any accepted exponent.
const MAX_RSA_BITS_ON_THREAD = 4096
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']

/** A public key, bound to algorithms on demand. */
export class PublicKey {
  /** Its canonical members. Keys with the same text are the same key. */
  readonly text: string
  #key: KeyObject | undefined
  #bound: readonly VerificationKey[] = []

  constructor(text: string, key: KeyObject) {
    this.text = text
    this.#key = key
  }

  /** The key for an algorithm: the same object each time. */
  for(alg: string): VerificationKey {
    const known = this.#bound.find((one) => one.alg === alg)
    if (known) return known
    this.#key ??= toKeyObject(JSON.parse(this.text))
    const key = bind(this.#key, alg)
    this.#bound = [...this.#bound, key]
    return key
  }

  /**
   * Drops the imported key, if it was not used, until it is used. OpenSSL takes 2 KB for it, a large part of the memory of an
   * issuer.
   */
  release(): void {
    if (this.#bound.length === 0) this.#key = undefined
  }
}

/** What a JWK may be used for. */
export interface UsableKey {
  readonly publicKey: PublicKey
  readonly algorithms: readonly string[]
}

/**
 * Imports a JWK, and lists the allowed algorithms that it fits, or returns the reason why it is not used (RFC 7517 s4.2, s4.3, s4.4; RFC 8725 s3.1, s3.4).
 * @param known - imported keys by their text; a new one is added
 */
export function toUsableKey(
  jwk: JsonObject,
  algorithms: ReadonlySet<string>,
  known: Map<string, PublicKey>,
): UsableKey | UnusableKeyReason {
  const fitting = chooseAlgorithms(jwk, algorithms)
  if (typeof fitting === 'string') return fitting
  const publicKey = importOnce(jwk, known)
  if (typeof publicKey === 'string') return publicKey
  return { publicKey, algorithms: fitting }
}

function chooseAlgorithms(
  jwk: JsonObject,
  algorithms: ReadonlySet<string>,
): string[] | UnusableKeyReason {
  const { kty, crv, use, alg, key_ops: operations } = jwk
  // a published private key proves nothing
  if (PRIVATE_MEMBERS.some((name) => Object.hasOwn(jwk, name))) return 'private'
  const ofType = [...ALGORITHM_RULES].filter(([, rule]) => rule.kty === kty)
  if (ofType.length === 0) return 'kty'
  const ofCurve = ofType.filter(([, rule]) => rule.crv === undefined || rule.crv === crv)
  if (ofCurve.length === 0) return 'crv'
  if (use !== undefined && use !== 'sig') return 'use'
  const mayVerify =
    operations === undefined || (Array.isArray(operations) && operations.includes('verify'))
  if (!mayVerify) return 'key_ops'
  // an AKP key must have `alg`, and is only for that algorithm (RFC 9964)
  const isFree = alg === undefined && kty !== 'AKP'
  const names = ofCurve.map(([name]) => name)
  const fitting = names.filter((name) => algorithms.has(name) && (isFree || name === alg))
  return fitting.length > 0 ? fitting : 'alg'
}

function importOnce(jwk: JsonObject, known: Map<string, PublicKey>): PublicKey | UnusableKeyReason {
  const members = readPublicMembers(jwk)
  // Stryker disable next-line ConditionalExpression: only for the types, its import fails too
  if (members === undefined) return 'malformed'
  const text = JSON.stringify(members)
  const publicKey = known.get(text) ?? importPublicKey(text, members)
  // Stryker disable next-line ConditionalExpression,StringLiteral: only for the types, the reason would be the same again
  if (typeof publicKey !== 'string') known.set(text, publicKey)
  return publicKey
}

function importPublicKey(text: string, members: PublicMembers): PublicKey | UnusableKeyReason {
  try {
    const key = toKeyObject(members)
    return findFlaw(key) ?? new PublicKey(text, key)
  } catch {
    return 'malformed'
  }
}

function toKeyObject(members: PublicMembers): KeyObject {
  return createPublicKey({ key: members, format: 'jwk' })
}

/** Why a key is too weak or too expensive. */
function findFlaw(key: KeyObject): UnusableKeyReason | undefined {
  if (key.asymmetricKeyType === 'ed25519') return isOfSmallOrder(key) ? 'small_order' : undefined
  if (key.asymmetricKeyType !== 'rsa') return undefined
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
  if (modulusLength < MIN_RSA_BITS) return 'too_short'
  if (modulusLength > MAX_RSA_BITS) return 'too_long'
  if (publicExponent < MIN_RSA_EXPONENT || publicExponent > MAX_RSA_EXPONENT) return 'exponent'
  // RFC 8017 s3.1: the exponent must be coprime to an even number, so it is odd
  return publicExponent % 2n === 1n ? undefined : 'exponent'
}

function bind(key: KeyObject, alg: string): VerificationKey {
  const { kty, digest, parameters, cost, ...rule } = ruleOf(alg)
  const isEcdsa = kty === 'EC'
  const input = parameters ? { key, ...parameters } : key
  if (rule.signatureBytes !== undefined) {
    const { inPool, signatureBytes } = rule
    return { alg, digest, isEcdsa, input, inPool, cost, signatureBytes, signature: undefined }
  }
  // RFC 8017 s8.1.2 (1), s8.2.2 (1): a signature is as long as the modulus
  const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  const inPool = modulusLength > MAX_RSA_BITS_ON_THREAD
  const signature = Buffer.allocUnsafeSlow(Math.ceil(modulusLength / 8))
  return { alg, digest, isEcdsa, input, inPool, cost, signatureBytes: signature.length, signature }
}

/** The allow list was validated when it was read. */
function ruleOf(alg: string): AlgorithmRule {
  return ALGORITHM_RULES.get(alg) as AlgorithmRule
}
