/**
 * Where the next token comes from.
 */

export function rotate(items) {
  let at = 0
  return () => {
    at = at + 1 === items.length ? 0 : at + 1
    return items[at]
  }
}

/** A new string object for each call: the engine caches the hash of a string, and HTTP never delivers the same object twice. */
export function repeat(token) {
  const bytes = Buffer.from(token, 'latin1')
  return () => bytes.toString('latin1')
}
