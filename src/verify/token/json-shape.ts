/**
 * How much structure a JSON text has, before it is parsed. The parser takes longer for one array than for a hundred
 * characters, and a token of nothing but brackets cost ten times what it takes to find its signature wrong.
 */

/** The object itself, and the 64 levels in it that claims may have. */
const MAX_LEVELS = 65
/** More than a token of 16 KB has that says anything; longer ones may have more in proportion. */
const MAX_CONTAINERS = 1_024
const CHARACTERS_PER_CONTAINER = 16

const QUOTE = 0x22
const BACKSLASH = 0x5c

/**
 * Whether a text, if it is JSON, is nested too deeply or has too many objects and arrays to be parsed for somebody unknown.
 * @param maxLength - how long a text may be
 */
export function isTooStructured(text: string, maxLength: number): boolean {
  // most texts have a handful, and are not looked at letter by letter
  const few = MAX_LEVELS
  if (count(text, '{', few) + count(text, '[', few) <= few) return false
  return exceeds(text, Math.max(MAX_CONTAINERS, maxLength / CHARACTERS_PER_CONTAINER))
}

/** How often a letter is there, strings included. Past `enough`, it is not counted on. */
function count(text: string, letter: string, enough: number): number {
  let found = 0
  for (let at = text.indexOf(letter); at !== -1; at = text.indexOf(letter, at + 1)) {
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

/** Where the quote is that ends a string. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) break
    // what it escapes may be a quote
    if (code === BACKSLASH) at++
  }
  return at
}

/** `[` or `{`, which differ in one bit. */
function isOpening(code: number): boolean {
  return (code | 0x20) === 0x7b
}

/** `]` or `}`. */
function isClosing(code: number): boolean {
  return (code | 0x20) === 0x7d
}
