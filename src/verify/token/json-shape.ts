/**
 * Limits the structure of a JSON text before it is parsed. The parser takes longer for one array than for a hundred characters,
 * so a token of nothing but brackets would cost ten times as much as the check of its signature.
 */

/** The object itself and 64 nested levels. */
const MAX_LEVELS = 65
/** More than any useful token of 16 KB has. Longer tokens may have proportionally more. */
const MAX_CONTAINERS = 1_024
const CHARACTERS_PER_CONTAINER = 16

const QUOTE = 0x22
const BACKSLASH = 0x5c

/**
 * Whether a JSON text has too many levels, or too many objects and arrays, to be parsed before its sender is verified.
 * @param maxLength - the maximum length of a text
 */
export function isTooStructured(text: string, maxLength: number): boolean {
  // most texts have a handful, and need no scan of each character
  const few = MAX_LEVELS
  if (count(text, '{', few) + count(text, '[', few) <= few) return false
  return exceeds(text, Math.max(MAX_CONTAINERS, maxLength / CHARACTERS_PER_CONTAINER))
}

/** Counts a character, including those inside strings. Stops after `enough`. */
function count(text: string, character: string, enough: number): number {
  let found = 0
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) {
    if (++found > enough) break
  }
  return found
}

function exceeds(text: string, maxContainers: number): boolean {
  let level = 0
  let containers = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else if (isOpening(code)) {
      level++
      containers++
      if (level > MAX_LEVELS || containers > maxContainers) return true
    } else if (isClosing(code)) level--
  }
  return false
}

/** The position of the quote that ends a string. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) break
    // the escaped character may be a quote
    if (code === BACKSLASH) at++
  }
  return at
}

/** Whether a character is `[` or `{`, which differ in one bit. */
function isOpening(code: number): boolean {
  return (code | 0x20) === 0x7b
}

/** Whether a character is `]` or `}`. */
function isClosing(code: number): boolean {
  return (code | 0x20) === 0x7d
}
