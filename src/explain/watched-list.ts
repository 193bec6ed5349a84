/**
 * Asks the list of revoked tokens for the engine, and remembers what it has said.
 */
import type { RevocationList } from '../verify/index.ts'
import { codeOf } from './to-explanation.ts'

type Claims = Readonly<Record<string, unknown>>

/** The claims that each kind of entry is compared with. */
const COMPARED = {
  jti: ['jti'],
  origin_jti: ['origin_jti'],
  sid: ['sid'],
  sub: ['sub'],
  client_id: ['client_id', 'azp', 'cid', 'appid', 'token_use', 'aud'],
} as const

/** The kinds of entries. */
export type RevokedBy = keyof typeof COMPARED

/** What the list has said. */
export interface Listed {
  /** What it has thrown; `undefined` if the token is not revoked. */
  readonly error: unknown
  /** The kind of entry that has revoked the token, if that is certain. */
  readonly revokedBy: RevokedBy | undefined
}

export class WatchedList implements RevocationList {
  readonly #list: RevocationList
  readonly #now: () => number
  /** `undefined` if it was not asked: another check has failed before. */
  outcome: Listed | undefined

  /** @param now - the clock of the verifier. Another one would make the list seem younger or older than it is */
  constructor(list: RevocationList, now: () => number) {
    this.#list = list
    this.#now = now
  }

  async assertNotRevoked(issuer: string, claims: Claims): Promise<void> {
    const ask = async (asked: Claims): Promise<void> =>
      this.#list.assertNotRevoked(issuer, asked, this.#now(), false)
    try {
      await ask(claims)
      this.outcome = { error: undefined, revokedBy: undefined }
    } catch (error) {
      const revokedBy = isRevoked(error) ? await findKind(ask, claims) : undefined
      this.outcome = { error, revokedBy }
      throw error
    }
  }

  hydrate(): Promise<void> {
    return this.#list.hydrate()
  }

  settled(): Promise<void> {
    return this.#list.settled()
  }

  /** The list belongs to the verifier. */
  close(): void {
    this.outcome = undefined
  }
}

/** Asks again, for a token with one of the claims. */
async function findKind(
  ask: (claims: Claims) => Promise<void>,
  claims: Claims,
): Promise<RevokedBy | undefined> {
  const isMet = (names: readonly string[]): Promise<boolean> => {
    const entries = ['iat', 'exp', ...names].map((name) => [name, claims[name]])
    return ask(Object.fromEntries(entries)).then(() => false, isRevoked)
  }
  // a list of the user's own may go by something else
  if (await isMet([])) return undefined
  for (const [kind, names] of Object.entries(COMPARED)) {
    if (await isMet(names)) return kind as RevokedBy
  }
  return undefined
}

function isRevoked(error: unknown): boolean {
  return codeOf(error) === 'ERR_TOKEN_REVOKED'
}
