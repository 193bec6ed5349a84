/**
 * The headers that verified tokens had, by their segment: an issuer writes the same one into all tokens of a key. What is
 * known is not decoded again; it is checked anew for each token all the same.
 */
import type { JwtHeader } from '../types.ts'

/** More than the keys of all issuers; where headers differ from token to token, there is no use in knowing them. */
const MAX_HEADERS = 100

interface KnownHeader {
  readonly segment: string
  readonly header: JwtHeader
}

export class KnownHeaders {
  readonly #headers = new Map<string, KnownHeader>()
  #latest: KnownHeader | undefined

  /** @param segment - the first part of a token */
  get(segment: string): JwtHeader | undefined {
    // for speed alone: most tokens have the header of the one before, and to compare takes a tenth of a look-up
    if (segment !== this.#latest?.segment) this.#latest = this.#headers.get(segment)
    return this.#latest?.header
  }

  /** @param token - one that was verified */
  remember(token: string, header: JwtHeader): void {
    if (this.#headers.size === MAX_HEADERS) return
    const segment = token.slice(0, token.indexOf('.'))
    if (this.#headers.has(segment)) return
    // a copy: a part of a string keeps the whole of it, the token, in memory
    // Stryker disable next-line StringLiteral: ASCII is the same in UTF-8
    const copy = Buffer.from(segment, 'latin1').toString('latin1')
    this.#headers.set(copy, { segment: copy, header })
  }

  clear(): void {
    this.#headers.clear()
    this.#latest = undefined
  }
}
