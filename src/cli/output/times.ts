/**
 * Times beside the clock.
 */
import { formatDate, formatDuration } from '../../terminal/times.ts'

/** A NumericDate (RFC 7519 s2) beside the clock; `undefined` if the value is none. */
export function formatTime(value: unknown, nowMs: number): string | undefined {
  const date = formatDate(value)
  if (date === undefined) return undefined
  const seconds = (value as number) - nowMs / 1_000
  if (Math.abs(seconds) < 0.5) return `${date}, now`
  const distance = formatDuration(seconds)
  return seconds < 0 ? `${date}, ${distance} ago` : `${date}, in ${distance}`
}
