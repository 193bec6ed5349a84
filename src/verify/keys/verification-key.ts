/**
 * From one JSON Web Key to the keys that `node:crypto` verifies with: one for each algorithm that the key may be used for.
 */
import { createPublicKey, type KeyObject, type VerifyKeyObjectInput } from 'node:crypto'
import { ALGORITHM_RULES, type AlgorithmRule } from '../algorithms.ts'
import type { JsonObject } from '../token/json.ts'
import { isOfSmallOrder } from './small-order.ts'

/** A public key, bound to one algorithm. */
export interface VerificationKey {
  readonly alg: string
  readonly digest: string | null
  /** What `crypto.verify` takes as its key. */
  readonly input: KeyObject | VerifyKeyObjectInput
  /** How long each of its signatures is, in bytes. */
  readonly signatureBytes: number
  /** Whether `verify` checks its signatures in the thread pool. */
  readonly inPool: boolean
  /** How long one check takes at most, in microseconds. */
  readonly cost: number
  /** RSA: room for one signature. To make it anew for each token takes time, and none waits while it is in use. */
  readonly signature: Buffer | undefined
}

// RFC 7518 s3.3, s3.5
const MIN_RSA_BITS = 2048
// The smallest in use. Below it lie 1, with which anything "verifies", and 3, whose forgeries are a classic.
const MIN_RSA_EXPONENT = 65537n
// Whoever publishes a key decides what each check with it costs: 3072 bits with an exponent as long take 13 ms.
const MAX_RSA_BITS = 8192
const MAX_RSA_EXPONENT = 2n ** 32n - 1n
// Up to here, a check takes a third of a millisecond, whatever the exponent.
const MAX_RSA_BITS_ON_THREAD = 4096
/**
 * The public members, and how many characters each may have: those of the largest key that is used, and a few leading
 * zeros. To learn how long an exponent is from an imported key takes 85 ms for one of 32 KB, and quadratic time.
 */
const PUBLIC_MEMBERS = Object.entries({ n: 1_400, e: 16, x: 100, y: 100, pub: 3_500 })
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']
const BASE64URL = /^[\w-]+$/

/**
 * The algorithms of an allow list that this key can verify, each with its key. None where the key is broken,
 * private, symmetric, too weak, or meant for something else (RFC 7517 s4.2, s4.3, s4.4; RFC 8725 s3.1, s3.4).
 */
export function toVerificationKeys(
  jwk: JsonObject,
  algorithms: ReadonlySet<string>,
): VerificationKey[] {
  const fitting = [...algorithms].filter((alg) => isMeantFor(jwk, alg))
  // Stryker disable next-line ConditionalExpression: without it, the key would be imported in vain
  if (fitting.length === 0) return []
  const key = importPublicKey(jwk)
  return key === undefined ? [] : fitting.map((alg) => bind(key, alg))
}

function isMeantFor(jwk: JsonObject, alg: string): boolean {
  const rule = ruleOf(alg)
  if (jwk['kty'] !== rule.kty) return false
  if (rule.crv !== undefined && jwk['crv'] !== rule.crv) return false
  // an AKP key is for the one algorithm that it names (RFC 9964)
  // Stryker disable next-line ConditionalExpression,StringLiteral: Node does not import one that names none
  const mustNameAlg = rule.kty === 'AKP'
  if ((jwk['alg'] !== undefined || mustNameAlg) && jwk['alg'] !== alg) return false
  if (jwk['use'] !== undefined && jwk['use'] !== 'sig') return false
  const operations = jwk['key_ops']
  return operations === undefined || (Array.isArray(operations) && operations.includes('verify'))
}

function importPublicKey(jwk: JsonObject): KeyObject | undefined {
  // a key whose private part is known to the public proves nothing
  if (PRIVATE_MEMBERS.some((name) => Object.hasOwn(jwk, name))) return undefined
  const { kty, crv, alg } = jwk
  const key: Record<string, unknown> = { kty, crv, alg }
  for (const [name, maxLength] of PUBLIC_MEMBERS) {
    const value = jwk[name]
    if (value === undefined) continue
    // Stryker disable next-line ConditionalExpression: Node does not import what is no text
    if (typeof value !== 'string') return undefined
    if (value.length > maxLength) return undefined
    // Node's decoder skips letters that it does not know
    if (!BASE64URL.test(value)) return undefined
    key[name] = value
  }
  try {
    const imported = createPublicKey({ key, format: 'jwk' })
    if (isAcceptable(imported)) return imported
  } catch {
    // nothing that can be imported
  }
  return undefined
}

/** Whether a key is neither too weak nor too expensive. */
function isAcceptable(key: KeyObject): boolean {
  if (key.asymmetricKeyType === 'ed25519') return !isOfSmallOrder(key)
  if (key.asymmetricKeyType !== 'rsa') return true
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
  if (modulusLength < MIN_RSA_BITS || modulusLength > MAX_RSA_BITS) return false
  if (publicExponent < MIN_RSA_EXPONENT || publicExponent > MAX_RSA_EXPONENT) return false
  // RFC 8017 s3.1: it has no factor in common with an even number
  return publicExponent % 2n === 1n
}

function bind(key: KeyObject, alg: string): VerificationKey {
  const { digest, parameters, cost, ...rule } = ruleOf(alg)
  const input = parameters ? { key, ...parameters } : key
  if (rule.signatureBytes !== undefined) {
    const { inPool, signatureBytes } = rule
    return { alg, digest, input, inPool, cost, signatureBytes, signature: undefined }
  }
  // RFC 8017 s8.1.2 (1), s8.2.2 (1): as long as the modulus
  const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  const inPool = modulusLength > MAX_RSA_BITS_ON_THREAD
  const signature = Buffer.allocUnsafeSlow(Math.ceil(modulusLength / 8))
  return { alg, digest, input, inPool, cost, signatureBytes: signature.length, signature }
}

/** The names in an allow list were checked when it was read. */
function ruleOf(alg: string): AlgorithmRule {
  return ALGORITHM_RULES.get(alg) as AlgorithmRule
}
