/**
 * What is asked of the tokens of one issuer, and where its keys are. Keys belong to one issuer and are looked for nowhere
 * else (RFC 8725 s3.8).
 */
import { ConfigError } from '../errors.ts'
import { JwksStore, type StoreNeighbours } from '../jwks/jwks-store.ts'
import { KeySet } from '../keys/key-set.ts'
import { createGivenKeys, type KeyStore } from '../keys/key-store.ts'
import type { JsonObject } from '../token/json.ts'
import type { VerifierSettings } from '../verifier-options.ts'
import type { IssuerSettings } from './trusted-issuer.ts'

/** What is asked of one kind of token of one issuer, and where the keys for it are. */
export interface Profile extends IssuerSettings {
  readonly keys: KeyStore
}

/** The kinds of token of one issuer, which have one set of keys. */
export type Profiles = readonly [Profile, ...Profile[]]

/**
 * Makes the profiles of one issuer.
 * @param before - what it had until now: its keys are kept where they are looked for in the same place
 * @throws {@link ConfigError} that names the option that is wrong
 */
export function createProfiles(
  entries: readonly [IssuerSettings, ...IssuerSettings[]],
  settings: VerifierSettings,
  neighbours: StoreNeighbours,
  before?: Profiles,
): Profiles {
  assertDistinct(entries)
  const isSamePlace = before && toPlace(before) === toPlace(entries)
  const keys = isSamePlace ? before[0].keys : createKeyStore(entries, settings, neighbours)
  const [first, ...others] = entries
  return [{ ...first, keys }, ...others.map((one) => ({ ...one, keys }))]
}

/** The profile for a token. Nothing of its payload is verified yet. */
export function chooseProfile(profiles: Profiles, payload: JsonObject): Profile {
  return profiles.find((one) => one.claims.tokenUse === payload['token_use']) ?? profiles[0]
}

/** One issuer may stand for two kinds of token, told apart by `token_use`. */
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

/** Where the keys are looked for, and which of them are of use. */
function toPlace(entries: readonly [IssuerSettings, ...IssuerSettings[]]): string {
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
    '"jwks" has no usable key: it takes public RSA keys of 2048 bits and up, EC, Ed25519 and ML-DSA keys, for signatures, with an allowed "alg"',
  )
}
