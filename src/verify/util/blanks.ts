/**
 * The white space of HTTP headers: SP and HTAB (RFC 9110 s5.6.3). `trim()` takes all that Unicode calls white space, and so
 * makes two names equal that a browser or a proxy tells apart.
 */

/** The text without the blanks at its ends. */
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
