/**
 * The order of what every call asks for: a token that was revoked, or cannot be judged, uses up no proof.
 */
import { createRevocations, memoryRevocationStore } from 'jwt-gate/stores'
import { expect, test } from 'vitest'
import { createBound } from '../support/bound.ts'
import { createClock } from '../support/clock.ts'

const { now } = createClock()

test.each([false, true])('a revoked token uses up no proof (cached: %s)', async (isCached) => {
  const claimed: string[] = []
  const claim = (id: string): boolean => claimed.push(id) > 0
  const store = memoryRevocationStore({ now })
  const revocations = createRevocations({ store, whenStale: 'refuse', now })
  const { issuer, clock, token, verifier, present } = await createBound(
    { replay: { claim } },
    { revocations },
  )
  const times = isCached ? 3 : 0
  for (let time = 0; time < times; time++) await verifier.verify(token, await present())
  const { issuer: iss, clientId } = issuer
  await revocations.revoke({ issuer: iss, client_id: clientId, until: clock.seconds() + 9_000 })

  await expect(verifier.verify(token, await present())).rejects.toMatchObject({
    code: 'ERR_TOKEN_REVOKED',
  })
  expect(claimed).toHaveLength(times)
})

test('a list that cannot be read uses up no proof', async () => {
  const fail = async (): Promise<never> => {
    throw new Error('down')
  }
  const claimed: string[] = []
  const revocations = createRevocations({
    store: { append: fail, read: fail },
    whenStale: 'refuse',
    now,
  })
  const { send } = await createBound(
    { replay: { claim: (id) => claimed.push(id) > 0 } },
    { revocations },
  )

  await expect(send()).rejects.toMatchObject({ code: 'ERR_REVOCATIONS_UNAVAILABLE' })
  expect(claimed).toEqual([])
})
