/**
 * What a function that finds issuers has not answered yet, and keys of its issuers that are under way.
 */
import type { ResolvedIssuer } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { createGate, isPending } from '../support/key-endpoint.ts'
import { setUp, tenant } from '../support/resolver.ts'

const acme = await createTestIssuer()
const MINUTE = 60_000

/** A function whose answers come when a test gives them. */
function setUpByHand() {
  const answers: ((answer: ResolvedIssuer) => void)[] = []
  return { answers, ...setUp(() => new Promise((resolve) => answers.push(resolve))) }
}

test('is waited for by settled, while it is an answer', async () => {
  const steps: string[] = []
  const { verifier, answers } = setUpByHand()
  void verifier.verify(await acme.accessToken()).then(() => steps.push('verified'))

  const settled = verifier.settled().then(() => steps.push('settled'))
  answers[0]?.(tenant(acme))
  await settled

  expect(steps).toEqual(['verified', 'settled'])
})

test('is waited for by settled, while it is a refresh of keys', async () => {
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

test('answers those who wait after close, and is not remembered', async () => {
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

test('leaves alone what was asked after close', async () => {
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
