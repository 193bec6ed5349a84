/**
 * Writes times of tokens.
 */
import { formatDate } from '../terminal/times.ts'

/** The value of `exp`, `nbf` or `iat` with its date. */
export function showTime(value: unknown): string | undefined {
  if (typeof value !== 'number') return undefined
  const date = formatDate(value)
  return date === undefined ? String(value) : `${value} (${date})`
}
