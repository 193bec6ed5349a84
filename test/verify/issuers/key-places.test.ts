/**
 * The stores of keys that issuers share: which of them are kept, and for how long.
 */
import { createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { KeyPlaces } from '../../../src/verify/issuers/key-places.ts'
import { createKeyStore } from '../../../src/verify/issuers/profile.ts'
import { readTrustedIssuer } from '../../../src/verify/issuers/trusted-issuer.ts'
import { Backoff } from '../../../src/verify/jwks/backoff.ts'
import { RefreshBudget } from '../../../src/verify/jwks/refresh-budget.ts'
import { UNSHARED } from '../../../src/verify/jwks/traffic.ts'
import { NO_TWINS } from '../../../src/verify/jwks/twins.ts'
import type { KeyStore } from '../../../src/verify/keys/key-store.ts'
import { readVerifierOptions } from '../../../src/verify/verifier-options.ts'
import { createGate } from '../support/key-endpoint.ts'

const { issuer, jwksUri, fetch } = await createTestIssuer()

/** A store of keys, and what lets its requests go on. */
function createStore(): { readonly keys: KeyStore; readonly open: () => void } {
  const gate = createGate<void>()
  const settings = readVerifierOptions({
    fetch: async (url) => {
      await gate.promise
      return fetch(url)
    },
  })
  const entry = readTrustedIssuer({ issuer, audience: null, jwksUri }, settings)
  const { now } = settings
  const pace = { backoff: new Backoff(now), budget: new RefreshBudget(now, 10_000) }
  const keys = createKeyStore([entry], settings, { pace, traffic: UNSHARED, twins: NO_TWINS })
  return { keys, open: () => gate.resolve() }
}

test('a store that nobody uses any more is kept as long as somebody waits for its keys', async () => {
  const places = new KeyPlaces()
  const { keys, open } = createStore()
  const place = places.take('a', () => keys)
  const loaded = keys.hydrate()

  places.release(place)

  expect(places.stores()).toEqual([keys])
  open()
  await loaded
  await keys.settled()
  expect(places.stores()).toEqual([])
})

test('a store at rest that nobody uses any more loses its keys', async () => {
  const places = new KeyPlaces()
  const { keys, open } = createStore()
  const place = places.take('a', () => keys)
  open()
  await keys.hydrate()

  places.release(place)

  expect(places.stores()).toEqual([])
  expect(keys.isLoaded).toBe(false)
})

test('a place that was taken before everything was cleared does not remove a later one', () => {
  const places = new KeyPlaces()
  const before = places.take('a', () => createStore().keys)
  places.clear()
  const { keys } = createStore()
  places.take('a', () => keys)

  places.release(before)

  expect(places.stores()).toEqual([keys])
})
