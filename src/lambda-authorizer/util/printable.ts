/**
 * Text from an event that may go into a log.
 */
import { isString } from '../../http-request/unknown-object.ts'

/** Whether this is ASCII without control characters, and not too long. */
export function isPrintable(value: unknown, maxLength: number): value is string {
  return isString(value) && value.length <= maxLength && /^[ -~]+$/.test(value)
}
