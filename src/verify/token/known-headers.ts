/**
 * Caches the decoded headers of verified tokens, keyed by their segment. All tokens that an issuer signs with one key usually
 * have the same header. A cached header is not decoded again, but it is checked again for each token.
 */
import type { JwtHeader } from '../types.ts'

/** More than the keys of all issuers. If headers differ from token to token, a larger cache would not help. */
const MAX_HEADERS = 100

export class KnownHeaders {
  readonly #headers = new Map<string, JwtHeader>()

  /** @param segment - the first segment of a token */
  get(segment: string): JwtHeader | undefined {
    return this.#headers.get(segment)
  }

  /** @param token - a verified token */
  remember(token: string, header: JwtHeader): void {
    if (this.#headers.size === MAX_HEADERS) return
    const segment = token.slice(0, token.indexOf('.'))
    if (this.#headers.has(segment)) return
    // a copy, because a substring would keep the whole token in memory
    // Stryker disable next-line StringLiteral: ASCII is the same in UTF-8
    const copy = Buffer.from(segment, 'latin1').toString('latin1')
    this.#headers.set(copy, header)
  }

  clear(): void {
    this.#headers.clear()
  }
}
