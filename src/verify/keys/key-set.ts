/**
 * The keys of one issuer at one time, ready for use.
 */
import { TokenError } from '../errors.ts'
import type { JsonObject } from '../token/json.ts'
import type { JwtHeader } from '../types.ts'
import { toVerificationKeys, type VerificationKey } from './verification-key.ts'

/** How many keys are imported before the first pause. */
const KEYS_AT_ONCE = 2

interface Entry {
  /** The JWK as text: an entry whose text comes again in the next set is the same entry. */
  readonly text: string
  readonly kid: unknown
  readonly keys: readonly VerificationKey[]
}

/** An immutable set of keys. */
export class KeySet {
  readonly #entries: readonly Entry[]
  readonly #byKid = new Map<unknown, Entry[]>()

  private constructor(entries: readonly Entry[]) {
    this.#entries = entries
    for (const entry of entries) {
      const others = this.#byKid.get(entry.kid)
      if (others) others.push(entry)
      else this.#byKid.set(entry.kid, [entry])
    }
  }

  /**
   * Imports what can be used of a JWK Set, and ignores the rest (RFC 7517 s5).
   * Keys that stood in the set before stay the same objects, so that what was verified with them stays verified.
   */
  static from(jwks: readonly unknown[], algorithms: ReadonlySet<string>, before?: KeySet): KeySet {
    const work = KeySet.#import(jwks, algorithms, before)
    let step = work.next()
    while (!step.done) step = work.next()
    return step.value
  }

  /**
   * The same in turns: a hundred keys of P-521 would hold the calling thread for a fifth of a second.
   * @param pause - waited for between keys; what it rejects with ends the import
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
      if (step.done) return step.value
      // two keys, as most sets have, are ready at once
      if (imported >= KEYS_AT_ONCE) await pause()
    }
  }

  /** Yields before each key that it imports; one that stood in the set before is not imported again. */
  static *#import(
    jwks: readonly unknown[],
    algorithms: ReadonlySet<string>,
    before: KeySet | undefined,
  ): Generator<void, KeySet> {
    const entries = new Map(before ? before.#entries.map((entry) => [entry.text, entry]) : null)
    const texts = new Set<string>()
    for (const jwk of jwks) {
      const text = toText(jwk)
      if (text === undefined) continue
      texts.add(text)
      if (entries.has(text)) continue
      yield
      entries.set(text, toEntry(jwk as JsonObject, text, algorithms))
    }
    return new KeySet([...texts].map((text) => entries.get(text) as Entry))
  }

  /** How many entries can be used. */
  get usable(): number {
    return this.#entries.filter((entry) => entry.keys.length > 0).length
  }

  /**
   * The key that a header asks for; `undefined` where the set has none by that name.
   * @throws {@link TokenError} `ERR_KEY_UNUSABLE` where there is one by that name and it does not fit, or more than one does
   */
  find({ kid, alg }: Pick<JwtHeader, 'kid' | 'alg'>): VerificationKey | undefined {
    const named = kid === undefined ? this.#entries : this.#byKid.get(kid)
    if (named === undefined) return undefined
    let found: VerificationKey | undefined
    for (const { keys } of named) {
      const key = keys.find((one) => one.alg === alg)
      if (key === undefined) continue
      // trying one after the other would let a forged token cost as many signatures as the set has keys
      if (found) throw new TokenError('ERR_KEY_UNUSABLE', { claim: 'kid', reason: 'ambiguous' })
      found = key
    }
    if (found === undefined && kid !== undefined) {
      throw new TokenError('ERR_KEY_UNUSABLE', { claim: 'kid', reason: 'mismatch' })
    }
    return found
  }
}

/** `undefined` for what is no key: no object, or one that is nested too deeply to be written down. */
function toText(jwk: unknown): string | undefined {
  if (jwk === null) return undefined
  // Stryker disable next-line ConditionalExpression: other things have no members, and would be entries without keys
  if (typeof jwk !== 'object') return undefined
  try {
    return JSON.stringify(jwk)
  } catch {
    // no key
  }
  return undefined
}

function toEntry(jwk: JsonObject, text: string, algorithms: ReadonlySet<string>): Entry {
  return { text, kid: jwk['kid'], keys: toVerificationKeys(jwk, algorithms) }
}
