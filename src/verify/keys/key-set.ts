/**
 * An issuer's key set, imported and ready for use.
 */
import { hash } from 'node:crypto'
import { TokenError } from '../errors.ts'
import type { UnusableKey, UnusableKeyReason } from '../events.ts'
import type { JsonObject } from '../token/json.ts'
import type { JwtHeader } from '../types.ts'
import { toPrintable } from '../util/printable.ts'
import { type IssuerRule, toIssuerRule } from './key-issuer.ts'
import {
  type PublicKey,
  toUsableKey,
  type UsableKey,
  type VerificationKey,
} from './verification-key.ts'

/** The number of keys that are imported before the first pause. */
const KEYS_AT_ONCE = 2

/** The header members that identify a key. */
export type KeyHeader = Pick<JwtHeader, 'kid' | 'alg'>

/** Limits of what is reported of unusable keys. */
const MAX_UNUSABLE_KEYS = 20
const MAX_KID_CHARACTERS = 64

interface Entry {
  /** Identifies the JWK: if the next set contains it unchanged, the entry is reused. A digest, because a JWK may have certificates. */
  readonly id: string
  readonly kid: unknown
  /** `undefined` if the key is unusable. */
  readonly usable: UsableKey | undefined
  /** Only for a key that names its issuer. */
  readonly isFor?: IssuerRule | undefined
  readonly reason?: UnusableKeyReason
}

/** A set of keys, which never change. */
export class KeySet {
  readonly #entries: readonly Entry[]
  readonly #byKid = new Map<unknown, Entry[]>()
  /** Whether its one key fits every `kid`. */
  readonly #fitsAll: boolean
  #isReleased = false

  private constructor(entries: readonly Entry[], isGiven: boolean) {
    this.#entries = entries
    for (const entry of entries) {
      const others = this.#byKid.get(entry.kid)
      if (others) others.push(entry)
      else this.#byKid.set(entry.kid, [entry])
    }
    // a PEM has no kid, and the developer has named the key, so nothing else could be meant
    const isOne = isGiven && this.usable === 1 && this.unusable === 0
    this.#fitsAll = isOne && entries.every(({ kid }) => kid === undefined)
  }

  /**
   * Imports the usable keys of a JWK Set from the configuration and ignores the others (RFC 7517 s5). If there is only one key, and
   * it has no `kid`, it fits every `kid`.
   */
  static from(jwks: readonly unknown[], algorithms: ReadonlySet<string>): KeySet {
    const work = KeySet.#import(jwks, algorithms, undefined)
    let step = work.next()
    while (!step.done) step = work.next()
    return new KeySet(step.value, true)
  }

  /**
   * Imports a fetched set, with pauses: the import of a hundred P-521 keys would block the thread for a fifth of a second.
   * @param before - the previous set: keys that it also contained stay the same objects, so that cached tokens stay valid
   * @param pause - awaited between keys; a rejection ends the import
   */
  static async fromInTurns(
    jwks: readonly unknown[],
    algorithms: ReadonlySet<string>,
    before: KeySet | undefined,
    pause: () => Promise<void>,
  ): Promise<KeySet> {
    const work = KeySet.#import(jwks, algorithms, before)
    for (let imported = 0; ; imported++) {
      const step = work.next()
      if (step.done) return new KeySet(step.value, false)
      // most sets have two keys, which need no pause
      // Stryker disable next-line ConditionalExpression,EqualityOperator: a pause more only takes time
      if (imported >= KEYS_AT_ONCE) await pause()
    }
  }

  /** Yields before each import. Keys of the previous set are not imported again. */
  static *#import(
    jwks: readonly unknown[],
    algorithms: ReadonlySet<string>,
    before: KeySet | undefined,
  ): Generator<void, Entry[]> {
    const entries = new Map(before ? before.#entries.map((entry) => [entry.id, entry]) : null)
    // a key that is described in another way is still the same key
    const known = new Map(before ? before.#publicKeys.map((key) => [key.text, key]) : null)
    const ids = new Set<string>()
    for (const jwk of jwks) {
      const id = toId(jwk)
      ids.add(id)
      if (entries.has(id)) continue
      yield
      entries.set(id, toEntry(jwk, id, algorithms, known))
    }
    return Array.from(ids, (id) => entries.get(id) as Entry)
  }

  /** The number of usable keys. A key that stands in the set twice is one key. */
  get usable(): number {
    return new Set(this.#publicKeys).size
  }

  /** The number of entries that are not used. */
  get unusable(): number {
    return this.#entries.filter(({ usable }) => usable === undefined).length
  }

  /** The first entries that are not used. Their text comes from the issuer's set, so it is limited. */
  get unusableKeys(): UnusableKey[] {
    return this.#entries.flatMap(toUnusableKey).slice(0, MAX_UNUSABLE_KEYS)
  }

  /** The `kid` of each usable key, as the issuer wrote it: text of any kind and length. */
  get kids(): unknown[] {
    return this.#entries.flatMap(({ kid, usable }) => (usable ? [kid] : []))
  }

  get #publicKeys(): PublicKey[] {
    return this.#entries.flatMap(({ usable }) => usable?.publicKey ?? [])
  }

  /**
   * The key for a header; `undefined` if no key has its `kid`, or if it has no `kid` and no key fits.
   * @param issuer - a key that names another issuer does not fit
   * @throws {@link TokenError} `ERR_KEY_UNUSABLE` if no key with this `kid` fits, or if more than one key fits
   */
  find(header: KeyHeader, issuer: string): VerificationKey | undefined {
    const { kid } = header
    const named = kid === undefined || this.#fitsAll ? this.#entries : this.#byKid.get(kid)
    const key = named && choose(named, header, issuer)
    this.#releaseOthers()
    return key
  }

  /** Once, after the first look-up: most keys of a set are never used. */
  #releaseOthers(): void {
    if (this.#isReleased) return
    this.#isReleased = true
    for (const key of this.#publicKeys) key.release()
  }
}

/** The key among `named` that fits a header and an issuer. */
function choose(
  named: readonly Entry[],
  { kid, alg }: KeyHeader,
  issuer: string,
): VerificationKey | undefined {
  let found: VerificationKey | undefined
  let isForeign = false
  for (const { usable, isFor } of named) {
    const key = bindTo(usable, alg)
    if (key === undefined || key === found) continue
    if (isFor?.(issuer) === false) {
      isForeign = true
      continue
    }
    // if all keys were tried, a forged token could cost one verification per key of the set
    if (found) throw unusable('ambiguous')
    found = key
  }
  if (found === undefined && kid !== undefined) {
    throw unusable(isForeign ? 'issuer_mismatch' : 'mismatch')
  }
  return found
}

function bindTo(usable: UsableKey | undefined, alg: string): VerificationKey | undefined {
  return usable?.algorithms.includes(alg) ? usable.publicKey.for(alg) : undefined
}

function unusable(reason: 'ambiguous' | 'mismatch' | 'issuer_mismatch'): TokenError {
  return new TokenError('ERR_KEY_UNUSABLE', { claim: 'kid', reason })
}

/** A digest of a JWK. An entry that cannot be serialized, for example because it is nested too deeply, has none. */
function toId(jwk: unknown): string {
  try {
    // Stryker disable next-line StringLiteral: another encoding works as well
    return hash('sha256', JSON.stringify(jwk), 'base64')
  } catch {
    // not a key
  }
  return ''
}

function toEntry(
  jwk: unknown,
  id: string,
  algorithms: ReadonlySet<string>,
  known: Map<string, PublicKey>,
): Entry {
  const isKey = typeof jwk === 'object' && jwk !== null && id !== ''
  if (!isKey) return { id, kid: undefined, usable: undefined, reason: 'not_an_object' }
  const { kid, issuer, ...members } = jwk as JsonObject
  const usable = toUsableKey(members, algorithms, known)
  return typeof usable === 'string'
    ? { id, kid, usable: undefined, reason: usable }
    : { id, kid, usable, isFor: toIssuerRule(issuer) }
}

function toUnusableKey({ kid, reason }: Entry): UnusableKey[] {
  if (reason === undefined) return []
  // nothing of a secret is reported, not even its name
  if (typeof kid !== 'string' || reason === 'private') return [{ reason }]
  return [{ kid: toPrintable(kid, MAX_KID_CHARACTERS), reason }]
}

/** The unusable keys of a set in one line, for a message. */
export function describeUnusable(keys: readonly UnusableKey[]): string {
  return keys.map(({ kid, reason }) => `${kid ?? 'no kid'} (${reason})`).join(', ')
}
