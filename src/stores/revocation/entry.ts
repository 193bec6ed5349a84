/**
 * Entries of the list: as users write them, and as records of a store.
 */
import { type OptionNames, readOptions, readString } from '../../verify/adapter-kit.ts'
import { ConfigError } from '../../verify/index.ts'
import type { RevocationRecord } from './revocation-store.ts'

/** The claims by which tokens can be revoked. */
export const MEMBERS = ['jti', 'origin_jti', 'sid', 'sub', 'client_id'] as const
export type Member = (typeof MEMBERS)[number]

/** What `restore` takes back. Exactly one of `jti`, `origin_jti`, `sid`, `sub` and `client_id` must be given. */
export interface RestoredTokens {
  /** The `iss` of the tokens. */
  readonly issuer: string
  /** One token. */
  readonly jti?: string | undefined
  /** Amazon Cognito: all tokens of one sign-in. */
  readonly origin_jti?: string | undefined
  /** OpenID Connect: all tokens of one session. */
  readonly sid?: string | undefined
  /** All tokens of one user. */
  readonly sub?: string | undefined
  /** All tokens of one client. Compared with `client_id`, `azp`, `cid` and `appid`, and with the `aud` of Cognito's ID tokens. */
  readonly client_id?: string | undefined
  /** As it was revoked. @defaultValue all entries for the claim are taken back */
  readonly issuedBefore?: number | undefined
}

/** Which tokens are revoked. Exactly one of `jti`, `origin_jti`, `sid`, `sub` and `client_id` must be given. */
export interface RevokedTokens extends RestoredTokens {
  /**
   * Revokes only tokens whose `iat` is not after this time, in seconds since 1970. A token without `iat` is revoked.
   * @defaultValue all tokens are revoked, whenever they were issued
   */
  readonly issuedBefore?: number | undefined
  /**
   * How long the entry counts, in seconds since 1970: the latest `exp` of a token that it can meet. A token that expires by then
   * never passes, also not by `clockToleranceSeconds`.
   */
  readonly until: number
}

/** Where an entry applies. */
export interface Place {
  readonly issuer: string
  readonly member: Member
  readonly value: string
}

/** One change of the list. */
export interface Change extends Place {
  /** Unique for each call of `revoke`. */
  readonly id: string
  readonly until: number
  readonly issuedBefore: number | undefined
  /** Whether the entry with this id was taken back. */
  readonly isRemoved: boolean
}

const MAX_CHARACTERS = 2_048
// the year 5138 in seconds: a larger number is a time in milliseconds
const MAX_SECONDS = 1e11
/**
 * How long a record outlives its entry: tokens pass for up to 600 s after they have expired (`clockToleranceSeconds`), and the
 * clocks of processes and stores differ.
 */
export const KEPT_SECONDS = 900

const KNOWN: OptionNames<RevokedTokens> = {
  issuer: true,
  jti: true,
  origin_jti: true,
  sid: true,
  sub: true,
  client_id: true,
  issuedBefore: true,
  until: true,
}

/** @throws {@link ConfigError} that names what is wrong */
export function readRevoked(given: RevokedTokens): Omit<Change, 'id'> {
  const entry = readOptions('entry', given, KNOWN)
  return { ...readPlace(entry), isRemoved: false, until: readSeconds('until', entry.until) }
}

/** @throws {@link ConfigError} that names what is wrong */
export function readRestored(given: RestoredTokens): Place & Pick<Change, 'issuedBefore'> {
  // the very object that was given to revoke() may be given
  return readPlace(readOptions('entry', given as RevokedTokens, KNOWN))
}

function readPlace(entry: RestoredTokens): Place & Pick<Change, 'issuedBefore'> {
  const given = MEMBERS.filter((member) => entry[member] !== undefined)
  const [member] = given
  if (member === undefined || given.length > 1) {
    throw new ConfigError(`"entry" must have exactly one of ${MEMBERS.join(', ')}`)
  }
  const { issuedBefore } = entry
  return {
    issuer: readText('issuer', entry.issuer),
    member,
    value: readText(member, entry[member]),
    issuedBefore:
      issuedBefore === undefined ? undefined : readSeconds('issuedBefore', issuedBefore),
  }
}

function readText(name: string, value: unknown): string {
  const text = readString(name, value)
  if (text.length <= MAX_CHARACTERS) return text
  throw new ConfigError(`"${name}" must have at most ${MAX_CHARACTERS} characters`)
}

function readSeconds(name: string, value: unknown): number {
  if (typeof value === 'number' && value > 0 && value < MAX_SECONDS) return value
  throw new ConfigError(`"${name}" must be a time in seconds since 1970, as in "exp"`)
}

/** The same change always has the same text. */
export function toRecord(change: Change): RevocationRecord {
  const { id, issuer, member, value, until, issuedBefore, isRemoved } = change
  const fields = isRemoved
    ? ['-', id, issuer, member, value, until]
    : ['+', id, issuer, member, value, until, issuedBefore ?? null]
  return { text: JSON.stringify(fields), expiresAt: Math.ceil(until) + KEPT_SECONDS }
}

/** @throws an error for anything else than the text of a record: to skip one would lose a revocation */
export function parseRecord(text: string): Change {
  const fields: unknown = JSON.parse(text)
  const [kind, id, issuer, member, value, until, issuedBefore] = Array.isArray(fields) ? fields : []
  const isKnown =
    (kind === '+' || kind === '-') &&
    [id, issuer, value].every((one) => typeof one === 'string') &&
    MEMBERS.includes(member) &&
    typeof until === 'number' &&
    (typeof issuedBefore === 'number' || (issuedBefore ?? undefined) === undefined)
  if (!isKnown) throw new Error('The store of revocations has a record that cannot be read')
  const isRemoved = kind === '-'
  return { id, issuer, member, value, until, issuedBefore: issuedBefore ?? undefined, isRemoved }
}
