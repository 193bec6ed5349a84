/**
 * Writes values, which may come from an unverified token, as short text.
 */
import { shorten } from '../terminal/escape.ts'
import { readMember } from '../verify/explain-kit.ts'

const MAX_ENTRIES = 10

/** A value as JSON of at most 200 characters; `undefined` for none. */
export function show(value: unknown): string | undefined {
  const text = JSON.stringify(value)
  return text === undefined ? undefined : shorten(text)
}

/** A value as JSON, for a sentence. */
export function quote(value: unknown): string {
  return show(value) ?? 'nothing'
}

/** Up to ten values of a list, with commas. */
export function list(values: Iterable<unknown>): string {
  const texts: string[] = []
  for (const value of values) {
    if (texts.length === MAX_ENTRIES) return `${texts.join(', ')}, …`
    texts.push(quote(value))
  }
  return texts.join(', ')
}

/** A list of which one value is enough. */
export function oneOf(values: Iterable<unknown>): string {
  const all = [...values]
  return all.length === 1 ? list(all) : `one of ${list(all)}`
}

/** A member of anything; `undefined` if it cannot be read. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? readMember(value, name) : undefined
}
