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

/** In seconds, this is the year 5138. */
const MILLISECONDS_FROM = 1e11

export function isInMilliseconds(value: unknown): boolean {
  return typeof value === 'number' && value > MILLISECONDS_FROM
}
