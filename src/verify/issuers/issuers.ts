/**
 * The interface for the trusted issuers of a verifier: listed in its configuration, or found by the user's function.
 */
import type { ErrorDetails } from '../errors.ts'
import type { HeaderRule } from '../token/header.ts'
import type { UnverifiedToken } from '../token/token.ts'
import type { Profile } from './profile.ts'

/** The parts of an unverified token that identify its issuer. */
export type UnverifiedParts = Pick<UnverifiedToken, 'header' | 'payload'>

/** The trusted issuers. */
export interface Issuers {
  /** The profile for an unverified token; `undefined` if its issuer is not trusted. A promise only if a lookup is asynchronous. */
  find(token: UnverifiedParts): Profile | undefined | Promise<Profile | undefined>
  /** Why the issuer of a token is not trusted, for the error. @param iss - unverified */
  whyUntrusted(iss: unknown): ErrorDetails
  /** Called for each verified token, cached or not. Its issuer is thereby proven. */
  confirm(profile: Profile): void
  /** The conditions that a header must meet for any of the issuers. */
  readonly anyHeader: HeaderRule
  /** Loads all keys. */
  hydrate(): Promise<void>
  /** Resolves when nothing is in flight. */
  settled(): Promise<void>
  /** Clears all cached state. */
  close(): void
}
