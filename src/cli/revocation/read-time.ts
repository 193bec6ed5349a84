/**
 * Reads a time from the command line.
 */
import { UsageError } from '../command.ts'

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 }
const FROM_NOW = /^\+(\d{1,9})([smhd])$/
/** With the zone: a time without it is another one on another machine. */
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/
// the year 5138 in seconds: a larger number is a time in milliseconds
const SECONDS = /^\d{1,11}$/

/** Returns seconds since 1970; `undefined` if there is no text. @throws {@link UsageError} that names the option */
export function readTime(
  name: string,
  text: string | undefined,
  nowMs: number,
): number | undefined {
  if (text === undefined) return undefined
  const nowSeconds = Math.floor(nowMs / 1_000)
  if (text === 'now') return nowSeconds
  const [, count, unit = ''] = FROM_NOW.exec(text) ?? []
  if (count !== undefined) return nowSeconds + Number(count) * (UNITS[unit] as number)
  const seconds = SECONDS.test(text) ? Number(text) : Number.NaN
  const found = ISO.test(text) ? Date.parse(text) / 1_000 : seconds
  if (found > 0) return found
  throw new UsageError(
    `--${name} must be a time: seconds since 1970, 2026-07-20T12:00:00Z, now, or +24h (s, m, h, d) from now on`,
  )
}
