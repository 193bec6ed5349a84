/**
 * Says what a text is that was sent instead of a token. The reason is one of a few fixed words, and has nothing of the text.
 */
import type { ErrorReason } from '../error-reasons.ts'

const SCHEME = /^["'\s]*bearer[\s:]/i
/** In this order: what a text begins with, then what it contains. */
const KINDS: readonly (readonly [ErrorReason, RegExp])[] = [
  ['empty', /^\s*$/],
  ['scheme', SCHEME],
  // `{{token}}`, `${token}`, `<token>`, `%TOKEN%`, `$TOKEN`, `:token`
  ['placeholder', /^(?:\{\{|\$|<|%|:)/],
  ['json', /^\s*[{[]/],
  ['repeated', /,/],
  ['quoted', /["'`\u2018-\u201f]|%22/],
  ['line_break', /[\r\n]|\\[rn]|%0[ad]/i],
  ['space', /\s|%20/],
]

/** What a text is, other than a token; `undefined` if nothing is known about it. */
export function reasonOfText(text: string): ErrorReason | undefined {
  return KINDS.find(([, pattern]) => pattern.test(text))?.[0]
}

// RFC 6750 s2.1, without dots
const OPAQUE = /^[\w~+/=-]+$/
// RFC 7516 s7.1: five parts, of which the second is empty for a direct encryption
const ENCRYPTED = /^[\w-]+\.[\w-]*(?:\.[\w-]+){3}$/

/**
 * Why a text is no JWT.
 * @param text - anything that could not be parsed
 * @returns `undefined` for text that looks like a JWT, or like nothing that is known
 */
export function reasonOfMalformed(text: string): ErrorReason | undefined {
  if (text === 'undefined' || text === 'null') return 'empty'
  if (OPAQUE.test(text)) return 'opaque'
  if (SCHEME.test(text)) return 'scheme'
  return ENCRYPTED.test(text) ? 'encrypted' : undefined
}
