/**
 * Times and durations for people.
 */

const UNITS: readonly [seconds: number, name: string][] = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
]
/** The last second that a date can have. */
const MAX_SECONDS = 8.64e12

/** A duration in its largest unit, such as `3 minutes`. */
export function formatDuration(seconds: number): string {
  const whole = Math.abs(Math.round(seconds))
  // 59 minutes and 40 seconds are an hour
  const [size, name] = UNITS.find(([unit]) => whole >= unit * 0.99) ?? [1, 'second']
  const count = Math.round(whole / size)
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

/** A NumericDate (RFC 7519 s2) beside the clock; `undefined` if the value is none. */
export function formatTime(value: unknown, nowMs: number): string | undefined {
  if (typeof value !== 'number' || !(Math.abs(value) <= MAX_SECONDS)) return undefined
  const time = new Date(value * 1_000).toISOString().replace('.000Z', 'Z')
  const seconds = value - nowMs / 1_000
  if (Math.abs(seconds) < 0.5) return `${time}, now`
  const distance = formatDuration(seconds)
  return seconds < 0 ? `${time}, ${distance} ago` : `${time}, in ${distance}`
}
