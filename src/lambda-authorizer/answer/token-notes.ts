/**
 * What follows from the claims of a token alone, noted for its next calls. Only a verifier's own tokens have notes that last: the
 * verifier returns the same object for a cached token, and nobody can change it. What a wrapped verifier returns may differ at
 * any time. Notes hold nothing that depends on time, on the request, or on a function of the user's.
 */
import type { VerifiedToken } from '../../verify/index.ts'
import type { GrantNotes } from '../access/route-grants.ts'
import type { ClaimsContext } from './default-context.ts'

/** What one authorizer has noted about a token. */
export interface TokenNotes extends GrantNotes {
  context?: ClaimsContext
}

/** The notes of one authorizer. Those of a token end when the verifier's cache drops it. */
export class TokenNotebook {
  readonly #notes = new WeakMap<VerifiedToken<unknown>, TokenNotes>()

  notesOn(verified: VerifiedToken<unknown>): TokenNotes {
    const known = this.#notes.get(verified)
    // Stryker disable next-line ConditionalExpression: to note it again only takes longer
    if (known !== undefined) return known
    const notes: TokenNotes = {}
    this.#notes.set(verified, notes)
    return notes
  }
}
