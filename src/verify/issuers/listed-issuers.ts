/**
 * Trusted issuers that are listed in the configuration of a verifier.
 */
import { ConfigError, type ErrorDetails, type KeysError } from '../errors.ts'
import { Backoff } from '../jwks/backoff.ts'
import { RefreshBudget } from '../jwks/refresh-budget.ts'
import type { StoreNeighbours } from '../jwks/store-options.ts'
import { UNSHARED } from '../jwks/traffic.ts'
import { type KeyStore, settleAll } from '../keys/key-store.ts'
import type { HeaderRule } from '../token/header.ts'
import type { Trusted, TrustedIssuer } from '../types.ts'
import { slashAtEnd } from '../util/slash.ts'
import type { VerifierSettings } from '../verifier-options.ts'
import { assertNoDocument } from './issuer-name.ts'
import type { Issuers, UnverifiedParts } from './issuers.ts'
import {
  chooseProfile,
  createKeyStore,
  createProfiles,
  type Profile,
  type Profiles,
  toPlace,
} from './profile.ts'
import { SharedConditions } from './shared-conditions.ts'
import { type IssuerSettings, readTrustedIssuer } from './trusted-issuer.ts'

/** The maximum number of concurrent requests of `hydrate()`. Thousands would need as many connections. */
const MAX_AT_ONCE = 100

/** All forms of `Trusted`, except a function. */
type Listed = Exclude<Trusted, (issuer: string) => unknown>

export class ListedIssuers implements Issuers {
  readonly anyHeader: HeaderRule
  readonly #profiles = new Map<string, Profiles>()
  /** Every store of keys, in groups of which one loaded store is enough: by user pool, or by the place of the keys. */
  readonly #keyGroups = new Map<string, Set<KeyStore>>()
  /** Resolves when no `hydrate()` is running. Between the two issuer forms of a pool, it has no request in flight. */
  #hydrated: Promise<void> | undefined

  /** @throws {@link ConfigError} that names the invalid option */
  constructor(trusted: Listed, settings: VerifierSettings) {
    const given = [trusted ?? []].flat(2) as TrustedIssuer[]
    const all = given.map((one) => readTrustedIssuer(one, settings))
    if (all.length === 0) {
      throw new ConfigError(
        '"trusted" must be an issuer, the return value of cognito(), a non-empty list of these, or a function that finds an issuer',
      )
    }
    const stores = new Map<string, KeyStore>()
    const shared = new SharedConditions()
    for (const [issuer, entries] of groupByIssuer(all)) {
      assertNoDocument(issuer)
      const place = toPlace(entries)
      const [{ userPoolId = place }] = entries
      const group = this.#keyGroups.get(userPoolId) ?? new Set()
      const keys =
        stores.get(place) ?? createKeyStore(entries, settings, toNeighbours(group, settings))
      stores.set(place, keys)
      group.add(keys)
      this.#profiles.set(issuer, createProfiles(entries, keys, shared))
      this.#keyGroups.set(userPoolId, group)
    }
    this.anyHeader = toAnyHeader(all)
  }

  find({ payload }: UnverifiedParts): Profile | undefined {
    const profiles = this.#profiles.get(payload['iss'] as string)
    return profiles && chooseProfile(profiles, payload)
  }

  whyUntrusted(iss: unknown): ErrorDetails {
    const reason = iss === undefined ? 'missing' : 'mismatch'
    const slash = typeof iss === 'string' ? slashAtEnd(iss, this.#profiles) : undefined
    return {
      claim: 'iss',
      reason,
      expected: { issuers: this.#profiles.keys(), slashAtEnd: slash },
    }
  }

  confirm(): void {
    // listed issuers need no proof
  }

  async hydrate(): Promise<void> {
    const groups = this.#keyGroups.values()
    // they share the iterator. Each ends with its first failure, so that all of them end in an outage
    const work = async (): Promise<void> => {
      for (const group of groups) await hydrateFirst(group)
    }
    const workers = Array.from({ length: MAX_AT_ONCE }, work)
    this.#hydrated = Promise.allSettled([this.#hydrated, ...workers]).then(() => {})
    await Promise.all(workers)
  }

  async settled(): Promise<void> {
    await this.#hydrated
    await settleAll(() => this.#stores())
  }

  close(): void {
    for (const store of this.#stores()) store.close()
  }

  #stores(): KeyStore[] {
    return [...this.#keyGroups.values()].flatMap((group) => [...group])
  }
}

/** @param group - the stores of the issuer forms that belong together, filled later */
function toNeighbours(
  group: ReadonlySet<KeyStore>,
  { now, jwks }: VerifierSettings,
): StoreNeighbours {
  return {
    pace: { backoff: new Backoff(now), budget: new RefreshBudget(now, jwks.cooldownMs) },
    traffic: UNSHARED,
    twins: {
      isLoaded: () => [...group].some((keys) => keys.isLoaded),
      load: async () => {
        await Promise.allSettled(Array.from(group, (keys) => keys.loadForTwin()))
      },
    },
  }
}

function groupByIssuer(
  all: readonly IssuerSettings[],
): Map<string, [IssuerSettings, ...IssuerSettings[]]> {
  const groups = new Map<string, [IssuerSettings, ...IssuerSettings[]]>()
  for (const one of all) {
    const group = groups.get(one.issuer)
    if (group) group.push(one)
    else groups.set(one.issuer, [one])
  }
  return groups
}

/** Loads the keys of one issuer form of a user pool. The form that is not in use may have no keys. */
async function hydrateFirst(stores: Iterable<KeyStore>): Promise<void> {
  const failures: unknown[] = []
  for (const store of stores) {
    try {
      return await store.hydrate()
    } catch (error) {
      failures.push(error)
      // behind a network without a way out, the other form would only be waited for as well
      const { reason } = error as KeysError
      if (reason === 'timeout' || reason === 'closed') break
    }
  }
  throw failures[0]
}

function toAnyHeader(all: readonly IssuerSettings[]): HeaderRule {
  const types = new Set(all.map((one) => one.header.tokenType))
  const [tokenType] = types
  return {
    algorithms: new Set(all.flatMap((one) => [...one.header.algorithms])),
    tokenType: types.size === 1 ? tokenType : null,
  }
}
