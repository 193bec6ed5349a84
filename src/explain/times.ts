/**
 * Writes times and durations.
 */

const UNITS: readonly (readonly [string, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]
/** The year 9999, the last that an ISO 8601 date has without a sign. */
const MAX_SECONDS = 253_402_300_799

/** A duration in its largest unit, such as `12 minutes`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(Math.abs(seconds)))
  const [name, size] = UNITS.find(([, least]) => whole >= 2 * least) ?? ['second', 1]
  const count = Math.round(whole / size)
  return `${count.toLocaleString('en')} ${name}${count === 1 ? '' : 's'}`
}

/** The value of `exp`, `nbf` or `iat` with its date. */
export function showTime(value: unknown): string | undefined {
  if (typeof value !== 'number') return undefined
  if (!(Math.abs(value) <= MAX_SECONDS)) return String(value)
  // biome-ignore lint/style/noRestrictedGlobals: writes a time, and reads no clock
  return `${value} (${new Date(Math.floor(value) * 1_000).toISOString().replace('.000', '')})`
}
