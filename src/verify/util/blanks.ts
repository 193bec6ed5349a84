/**
 * The whitespace of HTTP headers: SP and HTAB (RFC 9110 s5.6.3). `trim()` removes all Unicode whitespace, so two names that
 * differ for a browser or a proxy could become equal.
 */

/** Removes SP and HTAB from both ends of a text. */
export function trimBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text, start)) start++
  while (end > start && isBlank(text, end - 1)) end--
  return text.slice(start, end)
}

function isBlank(text: string, at: number): boolean {
  return text[at] === ' ' || text[at] === '\t'
}
