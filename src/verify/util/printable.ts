/**
 * Text of others in messages and events.
 */

/** Cuts a text, and replaces all characters but printable ASCII, and also quotes and backslashes, by `?`. */
export function toPrintable(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replace(/[^\x20-\x7e]|["\\]/g, '?')
}
