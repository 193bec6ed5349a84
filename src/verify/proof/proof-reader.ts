/**
 * Parses DPoP proofs (RFC 9449 s4.2, s4.3): the form, the header and the public key. The keys of clients whose proofs passed are
 * remembered, because the import of a key takes as long as a third of a signature check.
 */
import { toUsableKey, type VerificationKey } from '../keys/verification-key.ts'
import { findUnsupported } from '../token/header.ts'
import type { JsonObject } from '../token/json.ts'
import { parseUnverifiedToken, type UnverifiedToken } from '../token/token.ts'
import type { JwtHeader } from '../types.ts'
import { type BoundedMap, createBoundedMap } from '../util/bounded-map.ts'
import { invalidProof } from './refuse.ts'
import { toThumbprint } from './thumbprint.ts'

/** The key of a client. All proofs of a client usually have the same header. */
interface ProofKey {
  readonly header: JwtHeader
  readonly key: VerificationKey
  /** RFC 7638 */
  readonly thumbprint: string
}

/** A proof of the right form. Nothing in it is verified. */
export interface UnverifiedProof extends ProofKey {
  readonly token: UnverifiedToken
}

const MAX_PROOF_BYTES = 8_192
const MAX_KEYS = 1_000
/** More than the header with the largest key. */
const MAX_KNOWN_HEADER = 2_048

export class ProofReader {
  readonly #algorithms: ReadonlySet<string>
  readonly #scratch = Buffer.allocUnsafeSlow(MAX_PROOF_BYTES)
  #keys: BoundedMap<ProofKey> | undefined

  constructor(algorithms: ReadonlySet<string>) {
    this.#algorithms = algorithms
  }

  /** @throws `TokenError` `ERR_PROOF_INVALID` */
  read(given: string | readonly string[]): UnverifiedProof {
    const compact = assertOne(given)
    const known = this.#keys?.get(headerOf(compact))
    const token = this.#parse(compact, known)
    const { header, key, thumbprint } = known ?? this.#readKey(token.header)
    return { token, header, key, thumbprint }
  }

  /** Remembers the key of a proof. Only for a proof that passed every check. */
  // Stryker disable next-line BlockStatement: a key that is not remembered is read again
  remember({ token: { compact, isKnownHeader }, ...key }: UnverifiedProof): void {
    // Stryker disable next-line ConditionalExpression: to remember it again only takes longer
    if (isKnownHeader) return
    const segment = headerOf(compact)
    // Stryker disable next-line ConditionalExpression,EqualityOperator: it only takes time or memory
    if (segment.length > MAX_KNOWN_HEADER) return
    this.#keys ??= createBoundedMap(MAX_KEYS)
    // a copy, because a substring would keep the whole proof in memory
    // Stryker disable next-line StringLiteral: ASCII is the same in UTF-8
    this.#keys.set(Buffer.from(segment, 'latin1').toString('latin1'), key)
  }

  // Stryker disable next-line BlockStatement: keys that are not forgotten are in memory for longer
  clear(): void {
    this.#keys?.clear()
  }

  #parse(compact: string, known: ProofKey | undefined): UnverifiedToken {
    try {
      return parseUnverifiedToken(compact, this.#scratch, { get: () => known?.header })
    } catch {
      throw invalidProof('malformed')
    }
  }

  #readKey(header: JsonObject): ProofKey {
    const { typ, alg, jwk } = header
    // RFC 9449 s11.5: no other kind of JWT passes for a proof
    if (typ !== 'dpop+jwt') throw invalidProof('typ')
    // the set contains only strings, so the type of `alg` does not matter
    if (!this.#algorithms.has(alg as string)) throw invalidProof('alg')
    if (findUnsupported(header) !== undefined) throw invalidProof('crit')
    if (typeof jwk !== 'object' || jwk === null) throw invalidProof('jwk')
    const usable = toUsableKey(jwk as JsonObject, new Set([alg as string]), new Map())
    if (typeof usable === 'string') throw invalidProof('jwk')
    const members = JSON.parse(usable.publicKey.text) as Record<string, string>
    // one spelling for each key, because the thumbprint depends on it (RFC 7638 s7)
    const isCanonical = Object.entries(members).every(
      ([name, value]) => (jwk as JsonObject)[name] === value,
    )
    if (!isCanonical) throw invalidProof('jwk')
    return {
      header: header as JwtHeader,
      key: usable.publicKey.for(alg as string),
      thumbprint: toThumbprint(members),
    }
  }
}

function assertOne(given: string | readonly string[]): string {
  const [compact, ...others] = typeof given === 'string' ? [given] : [given].flat()
  if (others.length > 0) throw invalidProof('repeated')
  if (typeof compact !== 'string') throw invalidProof('malformed')
  if (compact.length > MAX_PROOF_BYTES) throw invalidProof('too_large')
  // HTTP joins repeated headers with commas (RFC 9110 s5.3)
  if (compact.includes(',')) throw invalidProof('repeated')
  return compact
}

function headerOf(compact: string): string {
  return compact.slice(0, compact.indexOf('.'))
}
