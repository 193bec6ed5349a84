/**
 * All trusted issuers of a verifier. Keys belong to one issuer and are looked for nowhere else (RFC 8725 s3.8).
 */
import { ConfigError } from './errors.ts'
import type { HeaderRule } from './header.ts'
import { JwksStore } from './jwks-store.ts'
import { KeySet } from './key-set.ts'
import { createGivenKeys, type KeyStore } from './key-store.ts'
import type { JsonObject } from './token.ts'
import { type IssuerSettings, readTrustedIssuer } from './trusted-issuer.ts'
import type { Trusted, TrustedIssuer } from './types.ts'
import type { VerifierSettings } from './verifier-options.ts'

/** What is asked of one kind of token of one issuer, and where the keys for it are. */
export interface Profile extends IssuerSettings {
  readonly keys: KeyStore
}

/** The trusted issuers. */
export interface Issuers {
  /** The profile for a token's claims; `undefined` where the issuer is not trusted. Nothing here is verified yet. */
  find(payload: JsonObject): Profile | undefined
  /** What a header must hold at least, whoever the issuer is. */
  readonly anyHeader: HeaderRule
  /** Every store of keys, in groups of which one loaded store is enough. */
  readonly keyGroups: readonly (readonly KeyStore[])[]
}

/** @throws {@link ConfigError} that names the option that is wrong */
export function readIssuers(trusted: Trusted, settings: VerifierSettings): Issuers {
  const all = flatten(trusted).map((one) => readTrustedIssuer(one, settings.clockToleranceSeconds))
  if (all.length === 0) throw new ConfigError('"trusted" must name at least one issuer')
  const byIssuer = new Map<string, readonly Profile[]>()
  const groups = new Map<string, KeyStore[]>()
  for (const [issuer, entries] of groupBy(all, (one) => one.issuer)) {
    assertDistinct(issuer, entries)
    const keys = createKeyStore(entries, settings)
    byIssuer.set(
      issuer,
      entries.map((one) => ({ ...one, keys })),
    )
    const group = entries[0]?.userPoolId ?? issuer
    groups.set(group, [...(groups.get(group) ?? []), keys])
  }
  return {
    find: (payload) => {
      const profiles = byIssuer.get(payload['iss'] as string)
      if (profiles === undefined || profiles.length === 1) return profiles?.[0]
      return profiles.find((one) => one.claims.tokenUse === payload['token_use']) ?? profiles[0]
    },
    anyHeader: toAnyHeader(all),
    keyGroups: [...groups.values()],
  }
}

function flatten(trusted: Trusted): TrustedIssuer[] {
  if (trusted === undefined || trusted === null) {
    throw new ConfigError('"trusted" must be an issuer, what cognito() answers, or a list of these')
  }
  return [trusted].flat(2) as TrustedIssuer[]
}

function groupBy<T>(values: readonly T[], toKey: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const value of values) {
    const group = groups.get(toKey(value))
    if (group) group.push(value)
    else groups.set(toKey(value), [value])
  }
  return groups
}

/** One issuer may stand for two kinds of token, told apart by `token_use`, and has one set of keys. */
function assertDistinct(issuer: string, entries: readonly IssuerSettings[]): void {
  const kinds = new Set(entries.map((one) => one.claims.tokenUse))
  if (kinds.size < entries.length || (entries.length > 1 && kinds.has(undefined))) {
    throw new ConfigError(
      `"issuer" ${issuer} is given twice: each entry for it needs its own "tokenUse"`,
    )
  }
  const sources = new Set(entries.map((one) => JSON.stringify([one.jwksUri, one.givenKeys])))
  if (sources.size > 1) {
    throw new ConfigError(`"issuer" ${issuer} is given twice, with different "jwksUri" or "jwks"`)
  }
}

function createKeyStore(entries: readonly IssuerSettings[], settings: VerifierSettings): KeyStore {
  const [{ issuer, jwksUri, givenKeys }] = entries as [IssuerSettings]
  const algorithms = new Set(entries.flatMap((one) => [...one.header.algorithms]))
  if (givenKeys === undefined) {
    const { get, now, emit } = settings
    return new JwksStore({ ...settings.jwks, issuer, jwksUri, algorithms, get, now, emit })
  }
  const keySet = KeySet.from(givenKeys, algorithms)
  if (keySet.usable > 0) return createGivenKeys(keySet)
  throw new ConfigError(
    '"jwks" has no usable key: it takes public RSA keys of 2048 bits and up, EC, Ed25519 and ML-DSA keys, for signatures, with an allowed "alg"',
  )
}

function toAnyHeader(all: readonly IssuerSettings[]): HeaderRule {
  const types = new Set(all.map((one) => one.header.tokenType))
  const [tokenType] = types
  return {
    algorithms: new Set(all.flatMap((one) => [...one.header.algorithms])),
    tokenType: types.size === 1 ? tokenType : null,
  }
}
