/**
 * Recognizes the most frequent mistake in an identifier that is a URL.
 */

/**
 * Whether a value, or one of a list, equals an expected one except for a slash at the end.
 * @returns whether the expected one has the slash; `undefined` if the difference is another one
 */
export function slashAtEnd(
  found: string | readonly string[],
  expected: Pick<ReadonlySet<unknown>, 'has'>,
): boolean | undefined {
  for (const one of [found].flat()) {
    if (expected.has(`${one}/`)) return true
    if (one.endsWith('/') && expected.has(one.slice(0, -1))) return false
  }
  return undefined
}
