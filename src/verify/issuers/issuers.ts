/**
 * The trusted issuers of a verifier: those that its options list, or those that a function of the user's finds.
 */
import type { HeaderRule } from '../token/header.ts'
import type { UnverifiedToken } from '../token/token.ts'
import type { Profile } from './profile.ts'

/** The two parts of a token that say where it comes from. */
export type UnverifiedParts = Pick<UnverifiedToken, 'header' | 'payload'>

/** The trusted issuers. */
export interface Issuers {
  /** The profile for a token, of which nothing is verified yet: at once where it can be; `undefined` where none is trusted. */
  find(token: UnverifiedParts): Profile | undefined | Promise<Profile | undefined>
  /** Told of each token that was verified, remembered or not: its issuer is one that matters. */
  confirm(profile: Profile): void
  /** What a header must hold at least, whoever the issuer is. */
  readonly anyHeader: HeaderRule
  /** Loads all keys. */
  hydrate(): Promise<void>
  /** Resolves when nothing is in flight. */
  settled(): Promise<void>
  /** Forgets everything that was learned. */
  close(): void
}
