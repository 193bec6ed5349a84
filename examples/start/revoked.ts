/**
 * The tokens that were revoked in the demo. The memory takes the place of Redis or DynamoDB, which several processes would share.
 */
import { isJwtGateError, type JwtClaims, type Verifier } from 'jwt-gate'
import { createRevocations, memoryRevocationStore, type RestoredTokens } from 'jwt-gate/stores'

const MAX_REVOKED = 100

export class Revoked {
  readonly list
  /** By the token. */
  readonly #entries = new Map<string, RestoredTokens>()

  constructor(now: () => number) {
    const store = memoryRevocationStore({ now })
    this.list = createRevocations({ store, whenStale: 'refuse', now })
  }

  get size(): number {
    return this.#entries.size
  }

  /** Revokes a token until it expires. Returns what was done, or why nothing was. */
  async revoke(token: string, verifier: Verifier): Promise<string> {
    if (this.#entries.size >= MAX_REVOKED) return 'A hundred tokens were revoked: put some back.'
    try {
      const { issuer, claims } = await verifier.verify(token)
      const { exp, jti, origin_jti: signIn } = claims as JwtClaims & { origin_jti?: string }
      if (jti === undefined && signIn === undefined) return 'The token has no jti to revoke it by.'
      const entry = { issuer, ...(jti === undefined ? { origin_jti: signIn } : { jti }) }
      await this.list.revoke({ ...entry, until: exp })
      this.#entries.set(token, entry)
    } catch (error) {
      const code = isJwtGateError(error) ? error.code : 'an error'
      return `Nothing was revoked: the verifier does not accept this token (${code}).`
    }
    return 'The token was revoked, by its ID. It has not expired, and both APIs refuse it.'
  }

  /** Takes it back. Returns whether it was revoked here. */
  async restore(token: string): Promise<boolean> {
    const entry = this.#entries.get(token)
    if (entry === undefined) return false
    await this.list.restore(entry)
    return this.#entries.delete(token)
  }

  async restoreAll(): Promise<void> {
    for (const token of [...this.#entries.keys()]) await this.restore(token)
  }
}
