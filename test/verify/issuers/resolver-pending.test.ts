/**
 * Pending calls of a function that finds issuers, and pending requests for keys of its issuers.
 */
import type { ResolvedIssuer } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { createGate, isPending } from '../support/key-endpoint.ts'
import { setUp, tenant } from '../support/resolver.ts'

const acme = await createTestIssuer()
const MINUTE = 60_000

/** A function whose results are given by the test. */
function setUpByHand() {
  const answers: ((answer: ResolvedIssuer) => void)[] = []
  return { answers, ...setUp(() => new Promise((resolve) => answers.push(resolve))) }
}

test('settled waits for a pending call of the function', async () => {
  const steps: string[] = []
  const { verifier, answers } = setUpByHand()
  void verifier.verify(await acme.accessToken()).then(() => steps.push('verified'))

  const settled = verifier.settled().then(() => steps.push('settled'))
  answers[0]?.(tenant(acme))
  await settled

  expect(steps).toEqual(['verified', 'settled'])
})

test('settled waits for a pending refresh of keys', async () => {
  const steps: string[] = []
  const gate = createGate<void>()
  let isHeld = false
  const fetch: typeof globalThis.fetch = async (url) => {
    if (isHeld) await gate.promise
    steps.push('fetched')
    return acme.fetch(url)
  }
  const keysAt = { issuer: acme.issuer, audience: null, jwksUri: acme.jwksUri }
  const { verifier, clock } = setUp(() => keysAt, { fetch })
  const token = await acme.accessToken()
  await verifier.verify(token)
  isHeld = true
  clock.advance(9 * MINUTE)
  await verifier.verify(token)

  const settled = verifier.settled().then(() => steps.push('settled'))
  await isPending(settled)
  gate.resolve()
  await settled

  expect(steps).toEqual(['fetched', 'fetched', 'settled'])
})

test('a call that is pending during close still returns, but its result is not cached', async () => {
  const { verifier, asked, answers } = setUpByHand()
  const token = await acme.accessToken()
  const first = verifier.verify(token)

  verifier.close()
  answers[0]?.(undefined)
  await expect(first).rejects.toMatchObject({ code: 'ERR_CLAIM_ISSUER' })
  const second = verifier.verify(token)
  answers[1]?.(tenant(acme))

  await expect(second).resolves.toMatchObject({ issuer: acme.issuer })
  expect(asked).toHaveLength(2)
})

test('a call that was pending during close does not affect calls after it', async () => {
  const { verifier, asked, answers } = setUpByHand()
  const token = await acme.accessToken()
  const first = verifier.verify(token)
  verifier.close()
  const second = verifier.verify(token)

  answers[0]?.(tenant(acme))
  await first
  const third = verifier.verify(token)
  answers[1]?.(tenant(acme))
  await Promise.all([second, third])

  expect(asked).toHaveLength(2)
})
