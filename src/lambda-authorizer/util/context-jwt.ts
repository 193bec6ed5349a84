/**
 * The text of `jwt` in a context: all claims as JSON, in base64url. It has no quotes: one public report says that HTTP APIs fail
 * with a cached result whose context has JSON in a string.
 */

/** @param json - of an object */
export function encodeClaims(json: string): string {
  return Buffer.from(json).toString('base64url')
}

/**
 * The JSON in `jwt`. Older versions of this library wrote it as it is.
 * @returns `undefined` if the text is not the one that belongs to the JSON
 */
export function decodeClaimsText(text: string): string | undefined {
  // base64url has no brace
  if (text.startsWith('{')) return text
  const json = Buffer.from(text, 'base64url').toString()
  // Node's decoder skips characters that it does not know, and replaces bytes that are not UTF-8
  return encodeClaims(json) === text ? json : undefined
}
