/**
 * The headers that verified tokens had, by their segment: an issuer writes the same one into all tokens of a key. What is
 * known is not decoded again; it is checked anew for each token all the same.
 */
import type { JwtHeader } from '../types.ts'

/** More than the keys of all issuers; where headers differ from token to token, there is no use in knowing them. */
const MAX_HEADERS = 100

export class KnownHeaders {
  readonly #headers = new Map<string, JwtHeader>()

  /** @param segment - the first part of a token */
  get(segment: string): JwtHeader | undefined {
    return this.#headers.get(segment)
  }

  /** @param token - one that was verified */
  remember(token: string, header: JwtHeader): void {
    if (this.#headers.size === MAX_HEADERS) return
    const segment = token.slice(0, token.indexOf('.'))
    if (this.#headers.has(segment)) return
    // a copy: a part of a string keeps the whole of it, the token, in memory
    // Stryker disable next-line StringLiteral: ASCII is the same in UTF-8
    const copy = Buffer.from(segment, 'latin1').toString('latin1')
    this.#headers.set(copy, header)
  }

  clear(): void {
    this.#headers.clear()
  }
}
