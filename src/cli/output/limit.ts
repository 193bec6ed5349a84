/**
 * Limits a value of a token that is shown.
 */
import { shorten } from '../../terminal/escape.ts'

const MAX_DEPTH = 16
const MAX_MEMBERS = 200
const MAX_CHARACTERS = 2_000

/** The value without what is nested too deeply, or too long. Such places have an ellipsis. */
export function limit(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return shorten(value, MAX_CHARACTERS)
  if (typeof value !== 'object' || value === null) return value
  if (depth === MAX_DEPTH) return '…'
  if (Array.isArray(value)) {
    const shown = value.slice(0, MAX_MEMBERS).map((one) => limit(one, depth + 1))
    return value.length > MAX_MEMBERS ? [...shown, '…'] : shown
  }
  const members = Object.entries(value)
  const shown = members
    .slice(0, MAX_MEMBERS)
    .map(([name, one]) => [limit(name), limit(one, depth + 1)])
  if (members.length > MAX_MEMBERS) shown.push(['…', members.length - MAX_MEMBERS])
  return Object.fromEntries(shown)
}
