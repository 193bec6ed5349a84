/**
 * Makes text from outside safe for a terminal, and limits it. A token may contain escape sequences that move the cursor, change the
 * title of the window or reverse the direction of text, and so make the output say something else.
 */

// control, format, unassigned and private characters, lone surrogates, and the separators of lines and paragraphs
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}]/gu
const UNSAFE_IN_LINES = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu

/** Limits of a value that is shown. */
const MAX_DEPTH = 16
const MAX_MEMBERS = 200
const MAX_CHARACTERS = 2_000

/** A text in one line. @param max - longer texts are cut off, and end with an ellipsis */
export function escapeText(text: string, max = 300): string {
  const cut = text.length > max ? `${text.slice(0, max)}…` : text
  return cut.replace(UNSAFE, toEscape)
}

/** JSON in printable characters only, still valid. @param value - limited, if it is of a token. @param space - as for `JSON.stringify` */
export function toSafeJson(value: unknown, space?: number): string {
  return JSON.stringify(value, null, space).replace(UNSAFE_IN_LINES, toEscape)
}

function toEscape(characters: string): string {
  return Array.from({ length: characters.length }, (_, at) => characters.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('')
}

/** The value without what is nested too deeply, or too long. Such places have an ellipsis. */
export function limit(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') {
    return value.length > MAX_CHARACTERS ? `${value.slice(0, MAX_CHARACTERS)}…` : value
  }
  if (typeof value !== 'object' || value === null) return value
  if (depth === MAX_DEPTH) return '…'
  if (Array.isArray(value)) {
    const shown = value.slice(0, MAX_MEMBERS).map((one) => limit(one, depth + 1))
    return value.length > MAX_MEMBERS ? [...shown, '…'] : shown
  }
  const members = Object.entries(value)
  const shown = members
    .slice(0, MAX_MEMBERS)
    .map(([name, one]) => [limit(name), limit(one, depth + 1)])
  if (members.length > MAX_MEMBERS) shown.push(['…', members.length - MAX_MEMBERS])
  return Object.fromEntries(shown)
}
