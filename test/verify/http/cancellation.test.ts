/**
 * Cancellation: it happens once, for one reason, and notifies every listener.
 */
import { KeysError } from 'jwt-gate'
import { expect, test } from 'vitest'
import { Cancellation } from '../../../src/verify/http/cancellation.ts'

const closed = new KeysError('ERR_JWKS_UNAVAILABLE', { reason: 'closed' })
const timeout = new KeysError('ERR_JWKS_UNAVAILABLE', { reason: 'timeout' })

test('only the first reason counts, and listeners are called once', () => {
  const cancellation = new Cancellation()
  const told: unknown[] = []
  cancellation.onCancel((reason) => told.push(reason))
  expect(told).toEqual([])

  cancellation.cancel(closed)
  cancellation.cancel(timeout)

  expect(told).toEqual([closed])
})

test('a listener that is added later is called immediately', () => {
  const cancellation = new Cancellation()
  cancellation.cancel(closed)
  const told: unknown[] = []

  cancellation.onCancel((reason) => told.push(reason))

  expect(told).toEqual([closed])
})

test('work that ends first determines the result', async () => {
  const cancellation = new Cancellation()
  const failure = new Error('failed')

  const good = cancellation.race(Promise.resolve(5))
  const bad = cancellation.race(Promise.reject(failure))

  await expect(good).resolves.toBe(5)
  await expect(bad).rejects.toBe(failure)
})

test('work that never ends is not waited for after a cancellation', async () => {
  const cancellation = new Cancellation()
  const work = cancellation.race(new Promise(() => {}))

  cancellation.cancel(timeout)

  await expect(work).rejects.toBe(timeout)
})
