/**
 * What every replay store checks before it claims an id.
 */

// a year; DynamoDB and Redis take more, a proof never does
const MAX_SECONDS = 31_536_000

/**
 * A claim that no store can keep must not pass for one that was kept.
 * @throws an error, so that the request is rejected
 */
export function assertClaim(id: unknown, seconds: unknown): void {
  if (typeof id !== 'string' || id === '') throw new TypeError('"id" must be a non-empty string')
  const isTime = typeof seconds === 'number' && seconds > 0 && seconds <= MAX_SECONDS
  if (!isTime) throw new TypeError(`"seconds" must be a number from 1 to ${MAX_SECONDS}`)
}
