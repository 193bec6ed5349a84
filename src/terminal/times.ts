/**
 * Times and durations in words.
 */

const UNITS: readonly [seconds: number, name: string][] = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
]
/** The last second that a date can have. */
const MAX_SECONDS = 8.64e12

/** A duration in the largest unit that is exact enough: `12 minutes`, `1 hour`, `90 minutes`. */
export function formatDuration(seconds: number): string {
  const whole = Math.abs(Math.round(seconds))
  const [size, name] = UNITS.find(([unit]) => isExactEnough(whole / unit)) ?? [1, 'second']
  const count = Math.round(whole / size)
  return `${count.toLocaleString('en')} ${name}${count === 1 ? '' : 's'}`
}

/** 59 minutes and 40 seconds are an hour, but 80 minutes are not. */
function isExactEnough(count: number): boolean {
  return count > 1.99 || Math.abs(count - 1) < 0.01
}

/** A NumericDate (RFC 7519 s2) as in ISO 8601; `undefined` if no date has this value. */
export function formatDate(value: unknown): string | undefined {
  if (typeof value !== 'number' || !(Math.abs(value) <= MAX_SECONDS)) return undefined
  // biome-ignore lint/style/noRestrictedGlobals: writes a time, and reads no clock
  return new Date(value * 1_000).toISOString().replace('.000', '')
}
