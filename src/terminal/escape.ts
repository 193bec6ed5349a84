/**
 * Makes text from outside safe for a terminal, and limits it. A token may contain escape sequences that move the cursor, change the
 * title of the window or reverse the direction of text, and so make the output say something else.
 */

// control, format, unassigned and private characters, lone surrogates, and the separators of lines and paragraphs
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}]/gu
const UNSAFE_IN_LINES = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu

/** A text in one line. @param max - longer texts are cut off, and end with an ellipsis */
export function escapeText(text: string, max = 300): string {
  return shorten(text, max).replace(UNSAFE, toEscape)
}

/** JSON in printable characters only, still valid. @param value - limited, if it is of a token. @param space - as for `JSON.stringify` */
export function toSafeJson(value: unknown, space?: number): string {
  return JSON.stringify(value, null, space).replace(UNSAFE_IN_LINES, toEscape)
}

/** As in JSON. */
function toEscape(characters: string): string {
  return Array.from({ length: characters.length }, (_, at) => characters.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('')
}

export function shorten(text: string, max = 200): string {
  return text.length > max ? `${text.slice(0, max)}…` : text
}
