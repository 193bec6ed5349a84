/**
 * The conditions for the tokens of one issuer, and its keys. Keys belong to one issuer and never verify tokens of another one
 * (RFC 8725 s3.8).
 */
import { ConfigError } from '../errors.ts'
import { JwksStore, type StoreNeighbours } from '../jwks/jwks-store.ts'
import { KeySet } from '../keys/key-set.ts'
import { createGivenKeys, type KeyStore } from '../keys/key-store.ts'
import type { JsonObject } from '../token/json.ts'
import type { VerifierSettings } from '../verifier-options.ts'
import type { IssuerSettings } from './trusted-issuer.ts'

/** The conditions for one kind of token of one issuer, and the keys. */
export interface Profile extends IssuerSettings {
  readonly keys: KeyStore
}

/** The kinds of token of one issuer. They share its keys. */
export type Profiles = readonly [Profile, ...Profile[]]

/**
 * Creates the profiles of one issuer.
 * @param before - the previous profiles; their key store is reused if the source of the keys and the algorithms are the same
 * @throws {@link ConfigError} that names the invalid option
 */
export function createProfiles(
  entries: readonly [IssuerSettings, ...IssuerSettings[]],
  settings: VerifierSettings,
  neighbours: StoreNeighbours,
  before?: Profiles,
): Profiles {
  assertDistinct(entries)
  const isReusable = before && toStoreId(before) === toStoreId(entries)
  const keys = isReusable ? before[0].keys : createKeyStore(entries, settings, neighbours)
  const [first, ...others] = entries
  return [{ ...first, keys }, ...others.map((one) => ({ ...one, keys }))]
}

/** The profile for a token. Its payload is unverified. */
export function chooseProfile(profiles: Profiles, payload: JsonObject): Profile {
  return profiles.find((one) => one.claims.tokenUse === payload['token_use']) ?? profiles[0]
}

/** An issuer may be listed once for each kind of token (`token_use`), with the same keys. */
function assertDistinct(entries: readonly [IssuerSettings, ...IssuerSettings[]]): void {
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

function toSource({ jwksUri, givenKeys }: IssuerSettings): string {
  return JSON.stringify([jwksUri, givenKeys])
}

/** Identifies a key store by the source of its keys and their allowed algorithms. */
function toStoreId(entries: readonly [IssuerSettings, ...IssuerSettings[]]): string {
  return [toSource(entries[0]), ...[...toAlgorithms(entries)].sort()].join()
}

function toAlgorithms(entries: readonly IssuerSettings[]): ReadonlySet<string> {
  return new Set(entries.flatMap((one) => [...one.header.algorithms]))
}

function createKeyStore(
  entries: readonly [IssuerSettings, ...IssuerSettings[]],
  settings: VerifierSettings,
  neighbours: StoreNeighbours,
): KeyStore {
  const [{ issuer, jwksUri, givenKeys }] = entries
  const algorithms = toAlgorithms(entries)
  if (givenKeys === undefined) {
    const { get, now, emit, insecureHosts } = settings
    const keys = { issuer, jwksUri, algorithms, insecureHosts, get, now, emit }
    return new JwksStore({ ...settings.jwks, ...neighbours, ...keys })
  }
  const keySet = KeySet.from(givenKeys, algorithms)
  if (keySet.usable > 0) return createGivenKeys(keySet)
  throw new ConfigError(
    '"jwks" has no usable key: it must contain a public RSA key of at least 2048 bits, or an EC, Ed25519 or ML-DSA key, for signatures, with an allowed "alg"',
  )
}
