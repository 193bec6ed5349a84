/**
 * The conditions for the tokens of one issuer, and its keys, which never verify tokens of an issuer with keys in another place
 * (RFC 8725 s3.8).
 */
import { ConfigError } from '../errors.ts'
import { JwksStore } from '../jwks/jwks-store.ts'
import type { StoreNeighbours } from '../jwks/store-options.ts'
import { describeUnusable, KeySet } from '../keys/key-set.ts'
import { createGivenKeys, type KeyStore } from '../keys/key-store.ts'
import type { JsonObject } from '../token/json.ts'
import type { VerifierSettings } from '../verifier-options.ts'
import type { SharedConditions } from './shared-conditions.ts'
import type { Conditions, IssuerSettings } from './trusted-issuer.ts'

/** The conditions for one kind of token of one issuer, and the keys. */
export interface Profile extends Conditions {
  readonly issuer: string
  /** Whether the configuration contains keys. */
  readonly hasGivenKeys: boolean
  readonly keys: KeyStore
}

/** The kinds of token of one issuer. They share its keys. */
export type Profiles = readonly [Profile, ...Profile[]]

/** The entries of one issuer. */
export type IssuerEntries = readonly [IssuerSettings, ...IssuerSettings[]]

/** Creates the profiles of one issuer. */
export function createProfiles(
  entries: IssuerEntries,
  keys: KeyStore,
  shared: SharedConditions,
): Profiles {
  return entries.map((one) => {
    const { header, claims, groupsClaim, schema } = shared.of(one)
    const { issuer, givenKeys } = one
    // without spreads, which would give each of them a hidden class of its own
    return {
      issuer,
      hasGivenKeys: givenKeys !== undefined,
      header,
      claims,
      groupsClaim,
      schema,
      keys,
    }
  }) as unknown as Profiles
}

/** The profile for a token. Its payload is unverified. */
export function chooseProfile(profiles: Profiles, payload: JsonObject): Profile {
  return profiles.find((one) => one.claims.tokenUse === payload['token_use']) ?? profiles[0]
}

/** An issuer may be listed once for each kind of token (`token_use`), with the same keys. */
function assertDistinct(entries: IssuerEntries): void {
  const [{ issuer }] = entries
  const kinds = new Set(entries.map((one) => one.claims.tokenUse))
  if (kinds.size < entries.length || (entries.length > 1 && kinds.has(undefined))) {
    throw new ConfigError(
      `"issuer" ${issuer} is given twice: each entry for it needs its own "tokenUse"`,
    )
  }
  const sources = new Set(entries.map(toSource))
  if (sources.size > 1) {
    throw new ConfigError(`"issuer" ${issuer} is given twice, with different "jwksUri" or "jwks"`)
  }
}

function toSource({ jwksUris, givenKeys }: IssuerSettings): string {
  return JSON.stringify([jwksUris, givenKeys])
}

/**
 * The name of the place where keys come from. Keys at a `jwksUri`, and keys that are given, are shared by all issuers with the
 * same ones and the same algorithms, such as the two forms of a user pool; all other keys belong to one issuer.
 * @throws {@link ConfigError} if the entries contradict each other
 */
export function toPlace(entries: IssuerEntries): string {
  assertDistinct(entries)
  const [{ issuer, jwksUris, givenKeys }] = entries
  const isFound = jwksUris.length === 0 && givenKeys === undefined
  return JSON.stringify([isFound && issuer, jwksUris, givenKeys, [...toAlgorithms(entries)].sort()])
}

function toAlgorithms(entries: readonly IssuerSettings[]): ReadonlySet<string> {
  return new Set(entries.flatMap((one) => [...one.header.algorithms]))
}

/** @throws {@link ConfigError} if none of the given keys can be used */
export function createKeyStore(
  entries: IssuerEntries,
  settings: VerifierSettings,
  neighbours: StoreNeighbours,
): KeyStore {
  const [{ issuer, jwksUris, givenKeys }] = entries
  const algorithms = toAlgorithms(entries)
  const given = givenKeys && importGiven(givenKeys, algorithms)
  if (given && jwksUris.length === 0) return createGivenKeys(given)
  return new JwksStore({ issuer, jwksUris, algorithms, settings, neighbours }, given)
}

function importGiven(jwks: readonly unknown[], algorithms: ReadonlySet<string>): KeySet {
  const keySet = KeySet.from(jwks, algorithms)
  if (keySet.usable > 0) return keySet
  const found = describeUnusable(keySet.unusableKeys) || 'none'
  throw new ConfigError(
    `"jwks" has no usable key: it must contain a public key for signatures with ${[...algorithms].join(', ')} (RSA: at least 2048 bits). Its keys: ${found}`,
  )
}
