/**
 * The list of revoked tokens: what users hold, and what a verifier asks.
 */
import { randomBytes } from 'node:crypto'
import {
  notify,
  type OptionNames,
  readChoice,
  readClock,
  readCount,
  readFunction,
  readNumber,
  readOptions,
} from '../../verify/adapter-kit.ts'
import { ConfigError, type RevocationList, StoreError, TokenError } from '../../verify/index.ts'
import {
  type Change,
  type RestoredTokens,
  type RevokedTokens,
  readRestored,
  readRevoked,
} from './entry.ts'
import { Follower, type FollowerSettings } from './follower.ts'
import type { RevocationEvent } from './revocation-events.ts'
import type { RevocationStore } from './revocation-store.ts'
import { ListFullError } from './revoked-list.ts'

/** The options of {@link createRevocations}. Times are in milliseconds. */
export interface RevocationsOptions {
  /** Where the entries are: `redisRevocationStore`, `dynamoDbRevocationStore` or `memoryRevocationStore`. */
  readonly store: RevocationStore
  /** How often the store is asked for what is new, when the verifier is called. @defaultValue 5000 */
  readonly refreshMs?: number | undefined
  /** The age from which `whenStale` decides: the store could not be read for this long. @defaultValue 60000 */
  readonly maxStaleMs?: number | undefined
  /**
   * What happens to tokens while the list is older than `maxStaleMs`, or was never read. `'refuse'`: every token is rejected with
   * `ERR_REVOCATIONS_UNAVAILABLE` (503). `'accept'`: tokens are checked against the entries that are known.
   *
   * Security: with `'accept'`, whoever can keep this process from its store can use a token that was revoked meanwhile.
   */
  readonly whenStale: 'refuse' | 'accept'
  /**
   * The largest number of entries in memory, at about 200 bytes each. When there are more, the store counts as not read: no
   * entry is dropped. At most 10,000,000.
   * @defaultValue 1000000
   */
  readonly max?: number | undefined
  /** Receives events about the store. Errors that it throws are ignored. @defaultValue none */
  readonly onEvent?: ((event: RevocationEvent) => void) | undefined
  /** The clock, in milliseconds since 1970: the one of the verifier, if that has its own. @defaultValue `Date.now` */
  readonly now?: (() => number) | undefined
}

/** Revokes tokens. The option `revocations` of a verifier. Its functions do not depend on `this`. */
export interface Revocations extends RevocationList {
  /**
   * Revokes tokens. When it has resolved, they are rejected in this process, and in all others within `refreshMs` and one read of
   * the store.
   *
   * @example
   * ```ts
   * await revocations.revoke({ issuer: claims.iss, sub: claims.sub, issuedBefore: now, until: now + 3600 })
   * ```
   * @throws {@link ConfigError} that names what is wrong with the entry
   * @throws {@link StoreError} `ERR_REVOCATIONS_UNAVAILABLE` if the store failed: the entry may or may not be in force
   */
  revoke(tokens: RevokedTokens): Promise<void>
  /**
   * Takes entries back: all for the issuer and the claim, or those with the given `issuedBefore`. An entry that another process
   * adds at the same moment stays.
   *
   * @example
   * ```ts
   * await revocations.restore({ issuer, client_id: 'app' })
   * ```
   * @throws {@link ConfigError} that names what is wrong with the entry
   * @throws {@link StoreError} `ERR_REVOCATIONS_UNAVAILABLE` if the store failed
   */
  restore(tokens: RestoredTokens): Promise<void>
}

const OPTIONS: OptionNames<RevocationsOptions> = {
  ...{ store: true, refreshMs: true, maxStaleMs: true, whenStale: true, max: true },
  ...{ onEvent: true, now: true },
}
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/**
 * Makes a list of revoked tokens that all processes with the same store share. Each holds all entries in memory.
 *
 * @example
 * ```ts
 * const revocations = createRevocations({ store: redisRevocationStore(client), whenStale: 'refuse' })
 * const verifier = createVerifier(trusted, { revocations })
 * ```
 * @throws {@link ConfigError} that names the invalid option
 */
export function createRevocations(options: RevocationsOptions): Revocations {
  const settings = readSettings(options)
  const follower = new Follower(settings)
  const assertNotListed: RevocationList['assertNotRevoked'] = (issuer, claims, nowMs) => {
    if (follower.list.has(issuer, claims, nowMs / 1_000)) throw new TokenError('ERR_TOKEN_REVOKED')
  }
  return {
    assertNotRevoked: (issuer, claims, nowMs, isSync) => {
      const loading = follower.use(nowMs, isSync)
      if (loading === undefined) return assertNotListed(issuer, claims, nowMs, isSync)
      return loading.then(() => assertNotListed(issuer, claims, nowMs, isSync))
    },
    revoke: async (tokens) => {
      const entry = readRevoked(tokens)
      // 96 random bits
      await write([{ ...entry, id: randomBytes(12).toString('base64url') }], follower)
    },
    restore: async (tokens) => {
      const place = readRestored(tokens)
      await follower.readNow()
      const removed = follower.list.find(place).map((entry) => ({ ...entry, isRemoved: true }))
      await write(removed, follower)
    },
    hydrate: () => follower.hydrate(),
    settled: () => follower.settled(),
    close: () => follower.close(),
  }
}

async function write(changes: readonly Change[], follower: Follower): Promise<void> {
  if (changes.length === 0) return
  try {
    await follower.write(changes)
  } catch (cause) {
    const reason = cause instanceof ListFullError ? 'limited' : undefined
    throw new StoreError('ERR_REVOCATIONS_UNAVAILABLE', { cause, reason })
  }
}

/** @throws {@link ConfigError} */
function readSettings(given: RevocationsOptions): FollowerSettings {
  const { store, whenStale, onEvent, ...options } = readOptions(
    'createRevocations()',
    given,
    OPTIONS,
  )
  const { append, read } = Object(store) as Partial<RevocationStore>
  if (typeof append !== 'function' || typeof read !== 'function') {
    throw new ConfigError(
      '"store" must be the return value of redisRevocationStore(), dynamoDbRevocationStore() or memoryRevocationStore()',
    )
  }
  const effect = readChoice('whenStale', whenStale, ['refuse', 'accept'] as const)
  if (effect === undefined) {
    throw new ConfigError(
      '"whenStale" must say what happens to tokens when the store cannot be read: "refuse" or "accept"',
    )
  }
  const limits = { min: 1, max: HOUR_MS }
  const refreshMs = readNumber('refreshMs', options.refreshMs, 5_000, limits)
  const maxStaleMs = readNumber('maxStaleMs', options.maxStaleMs, 60_000, { min: 1, max: DAY_MS })
  if (maxStaleMs < refreshMs) {
    throw new ConfigError('"maxStaleMs" must not be less than "refreshMs"')
  }
  readFunction('onEvent', onEvent)
  const max = readCount('max', options.max, 1_000_000, 10_000_000)
  const emit = (event: RevocationEvent): void => void notify(onEvent, event)
  return {
    ...{ store, refreshMs, maxStaleMs, whenStale: effect, max },
    ...{ now: readClock(options.now), emit },
  }
}
