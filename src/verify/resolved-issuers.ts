/**
 * Issuers that a function of the user's knows, such as tenants in a database. What it answers is remembered for a while:
 * what it knows by the issuer's name, what it does not know by a digest, because that name is anybody's.
 */
import { hash } from 'node:crypto'
import { ALGORITHMS, isAvailable } from './algorithms.ts'
import { createBoundedMap } from './bounded-map.ts'
import { Cancellation } from './cancellation.ts'
import { isPromise } from './custom-rules.ts'
import { ConfigError, isJwtGateError, KeysError } from './errors.ts'
import { assertHeader } from './header.ts'
import type { Issuers, UnverifiedParts } from './issuers.ts'
import { settleAll } from './key-store.ts'
import { chooseProfile, createProfiles, type Profile, type Profiles } from './profile.ts'
import { type IssuerSettings, readTrustedIssuer } from './trusted-issuer.ts'
import type { ResolvedIssuer, TrustedIssuer, TrustedResolver } from './types.ts'
import type { VerifierSettings } from './verifier-options.ts'

/** How many issuers are remembered, and how many may be asked for at once. */
const MAX_ISSUERS = 1_000
/** No URL of an issuer is longer. */
const MAX_ISSUER_LENGTH = 2_048
/** How long an issuer is trusted without asking again. */
const KNOWN_MS = 60_000
/** How long an issuer is not asked for again that is not known, or whose last answer counts on because asking failed. */
const RETRY_MS = 10_000

/** How long an answer counts: from `since` on, and before `until`. */
interface Period {
  readonly since: number
  readonly until: number
}

interface Known extends Period {
  readonly entries: readonly IssuerSettings[]
  readonly profiles: Profiles
  readonly answeredAt: number
}

type Found = Profiles | undefined

export class ResolvedIssuers implements Issuers {
  readonly anyHeader = { algorithms: new Set(ALGORITHMS.filter(isAvailable)), tokenType: null }
  readonly #resolve: TrustedResolver
  readonly #settings: VerifierSettings
  readonly #known = createBoundedMap<Known>(MAX_ISSUERS)
  readonly #unknown = createBoundedMap<Period>(MAX_ISSUERS)
  readonly #asked = new Map<string, Promise<Found>>()

  constructor(resolve: TrustedResolver, settings: VerifierSettings) {
    this.#resolve = resolve
    this.#settings = settings
  }

  find({ header, payload }: UnverifiedParts): Profile | undefined | Promise<Profile | undefined> {
    const { iss } = payload
    if (typeof iss !== 'string' || iss.length > MAX_ISSUER_LENGTH) return undefined
    const choose = (found: Found): Profile | undefined => found && chooseProfile(found, payload)
    const known = this.#known.get(iss)
    if (known && this.#isFresh(known)) return choose(known.profiles)
    const unknown = this.#unknown.get(toName(iss))
    if (unknown && this.#isFresh(unknown)) return undefined
    // a token that no issuer's rule would let pass is not worth a question
    assertHeader(header, this.anyHeader)
    const found = this.#ask(iss)
    return isPromise(found) ? found.then(choose) : choose(found)
  }

  async hydrate(): Promise<void> {
    // nobody says which issuers there are
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#asked.values())
    await settleAll(() => [...this.#known.values()].map(({ profiles: [{ keys }] }) => keys))
  }

  close(): void {
    for (const { profiles } of this.#known.values()) profiles[0].keys.close()
    this.#known.clear()
    this.#unknown.clear()
    this.#asked.clear()
  }

  #isFresh({ since, until }: Period): boolean {
    const now = this.#settings.now()
    return now >= since && now < until
  }

  /** Asks the user's function, once at a time for each issuer. */
  #ask(issuer: string): Found | Promise<Found> {
    const asked = this.#asked.get(issuer)
    if (asked) return asked
    if (this.#asked.size >= MAX_ISSUERS) return this.#keep(issuer)
    let answer: ReturnType<TrustedResolver>
    try {
      answer = this.#resolve(issuer)
    } catch (error) {
      return this.#keep(issuer, error)
    }
    return isPromise(answer) ? this.#wait(issuer, answer) : this.#learn(issuer, answer)
  }

  #wait(issuer: string, answer: Promise<ResolvedIssuer>): Promise<Found> {
    // after close() the answer still serves those who wait for it, and no one else
    const isCurrent = (): boolean => this.#asked.get(issuer) === asked
    const asked: Promise<Found> = this.#inTime(answer)
      .then(
        (value) => this.#learn(issuer, value, isCurrent()),
        (error) => this.#keep(issuer, error),
      )
      .finally(() => {
        if (isCurrent()) this.#asked.delete(issuer)
      })
    this.#asked.set(issuer, asked)
    return asked
  }

  /** A database that does not answer must not keep callers waiting any longer than an issuer that does not. */
  async #inTime(answer: Promise<ResolvedIssuer>): Promise<ResolvedIssuer> {
    const cancellation = new Cancellation()
    const stopClock = cancellation.cancelAfter(this.#settings.jwks.timeoutMs)
    try {
      return await cancellation.race(Promise.resolve(answer))
    } finally {
      stopClock()
    }
  }

  #learn(issuer: string, answer: ResolvedIssuer, isCurrent = true): Found {
    const known = this.#known.get(issuer)
    const found = this.#toFound(issuer, answer, known)
    if (!isCurrent) return found?.profiles
    const now = this.#settings.now()
    if (known?.profiles[0].keys !== found?.profiles[0].keys) known?.profiles[0].keys.close()
    if (found) {
      this.#unknown.delete(toName(issuer))
      this.#known.set(issuer, { ...found, answeredAt: now, since: now, until: now + KNOWN_MS })
    } else {
      this.#known.delete(issuer)
      this.#unknown.set(toName(issuer), { since: now, until: now + RETRY_MS })
    }
    return found?.profiles
  }

  #toFound(
    issuer: string,
    answer: ResolvedIssuer,
    known: Known | undefined,
  ): Pick<Known, 'entries' | 'profiles'> | undefined {
    if (answer === undefined || answer === null) return undefined
    const entries = this.#read(issuer, answer)
    if (known && isSame(known.entries, entries)) return known
    return { entries, profiles: createProfiles(entries, this.#settings, known?.profiles) }
  }

  /** What to do where the function failed: an outage of the user's must not log everybody out. */
  #keep(issuer: string, error?: unknown): Profiles {
    const known = this.#known.get(issuer)
    const now = this.#settings.now()
    if (known && now - known.answeredAt < this.#settings.jwks.maxStaleMs) {
      this.#known.set(issuer, { ...known, since: now, until: now + RETRY_MS })
      return known.profiles
    }
    throw isJwtGateError(error) ? error : new KeysError('ERR_JWKS_UNAVAILABLE', { cause: error })
  }

  #read(
    issuer: string,
    answer: TrustedIssuer | readonly TrustedIssuer[],
  ): readonly [IssuerSettings, ...IssuerSettings[]] {
    const [first, ...others] = [answer]
      .flat()
      // of the two issuer forms of a user pool, one was asked for
      .filter((one) => one?.issuer === issuer)
      .map((one) => readTrustedIssuer(one, this.#settings.clockToleranceSeconds))
    if (first) return [first, ...others]
    throw new ConfigError('"trusted" answered another issuer than the one that it was asked for')
  }
}

function toName(issuer: string): string {
  // Stryker disable next-line StringLiteral: another encoding names it as well
  return hash('sha256', issuer, 'binary')
}

/** A schema is the same where it is the same object. */
function isSame(entries: readonly IssuerSettings[], others: readonly IssuerSettings[]): boolean {
  const toText = (all: readonly IssuerSettings[]): string =>
    JSON.stringify(all, (name, value) => {
      if (name === 'schema') return undefined
      return value instanceof Set ? [...value].sort() : value
    })
  const isSchemaSame = entries.every(({ schema }, at) => schema === others[at]?.schema)
  return isSchemaSame && toText(entries) === toText(others)
}
