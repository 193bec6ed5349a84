/**
 * The budget of refreshes for unknown key ids: made-up ids can neither flood the issuer nor hide a rotated key.
 */
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { createSetup, down, mintTokens, type Setup } from '../support/key-endpoint.ts'

const issuer = await createTestIssuer()
const { first, second, unknown } = await mintTokens(issuer)
const NOT_FOUND = { name: 'TokenError', code: 'ERR_KEY_NOT_FOUND', status: 401, claim: 'kid' }
const COOLDOWN_MS = 10_000

/** Sends tokens with a made-up kid, one after the other. */
async function flood({ verifier }: Setup, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    await expect(verifier.verify(unknown)).rejects.toMatchObject(NOT_FOUND)
  }
}

/** A verifier that has loaded the first key and has spent its budget. */
async function createFlooded(): Promise<Setup> {
  const setup = createSetup(issuer)
  await setup.verifier.hydrate()
  await flood(setup, 10)
  return setup
}

test('is 3 refreshes for made-up ids', async () => {
  const { requests } = await createFlooded()

  expect(requests()).toBe(1 + 3)
})

test('does not affect known keys', async () => {
  const { verifier } = await createFlooded()

  await expect(verifier.verify(first)).resolves.toBeDefined()
})

test('gains one refresh per cooldown, and no sooner', async () => {
  const setup = await createFlooded()

  setup.clock.advance(COOLDOWN_MS - 1)
  await flood(setup, 3)
  expect(setup.requests()).toBe(4)
  setup.clock.advance(1)
  await flood(setup, 3)
  expect(setup.requests()).toBe(5)
  setup.clock.advance(2 * COOLDOWN_MS)
  await flood(setup, 5)
  expect(setup.requests()).toBe(7)
})

test('keeps a partly elapsed cooldown', async () => {
  const setup = await createFlooded()

  setup.clock.advance(1.5 * COOLDOWN_MS)
  await flood(setup, 2)
  setup.clock.advance(0.5 * COOLDOWN_MS)
  await flood(setup, 2)

  expect(setup.requests()).toBe(4 + 2)
})

test('never holds more than 3', async () => {
  const setup = await createFlooded()

  setup.clock.advance(40 * COOLDOWN_MS)
  await flood(setup, 10)

  expect(setup.requests()).toBe(4 + 3)
})

test('does not gain anything in advance when it is full', async () => {
  const setup = createSetup(issuer)
  await setup.verifier.hydrate()
  setup.clock.advance(9.9 * COOLDOWN_MS)

  await flood(setup, 5)
  setup.clock.advance(0.5 * COOLDOWN_MS)
  await flood(setup, 5)

  expect(setup.requests()).toBe(1 + 3)
})

test('lets a rotated key be found within 10 s, whatever is sent', async () => {
  const setup = await createFlooded()
  setup.publish(1)
  await expect(setup.verifier.verify(second)).rejects.toMatchObject(NOT_FOUND)

  setup.clock.advance(COOLDOWN_MS)

  await flood(setup, 1)
  await expect(setup.verifier.verify(second)).resolves.toBeDefined()
})

test('is not frozen by a clock that goes back', async () => {
  const setup = await createFlooded()

  setup.clock.advance(-1_000_000)
  await flood(setup, 2)
  expect(setup.requests()).toBe(4)
  setup.clock.advance(COOLDOWN_MS)
  await flood(setup, 2)

  expect(setup.requests()).toBe(5)
})

test('gains refreshes at the rate of jwks.cooldownMs', async () => {
  const setup = createSetup(issuer, { jwks: { cooldownMs: 1_000 } })
  await setup.verifier.hydrate()
  await flood(setup, 5)

  setup.clock.advance(1_000)
  await flood(setup, 5)

  expect(setup.requests()).toBe(5)
})

test('is not spent on a key that exists but may not be used', async () => {
  const { verifier, requests } = createSetup(issuer)
  await verifier.hydrate()
  const token = await issuer.token(
    { iss: issuer.issuer, exp: 4_000_000_000 },
    { header: { alg: 'RS512' } },
  )

  await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'ERR_KEY_UNUSABLE' })

  expect(requests()).toBe(1)
})

test('is not spent during the back-off of the endpoint', async () => {
  const { clock, verifier, answer, publish } = createSetup(issuer)
  await verifier.hydrate()
  answer(down)
  for (let n = 0; n < 6; n++) {
    await expect(verifier.verify(unknown)).rejects.toMatchObject({ code: 'ERR_JWKS_UNAVAILABLE' })
  }
  publish(1)

  clock.advance(1_200)

  await expect(verifier.verify(second)).resolves.toBeDefined()
})

test('is separate for each issuer', async () => {
  const asked: string[] = []
  const names = ['https://a.example', 'https://b.example']
  const verifier = createVerifier(
    names.map((name) => ({ issuer: name, audience: null, jwksUri: `${name}/keys` })),
    {
      fetch: async (input) => {
        asked.push(String(input))
        return Response.json(issuer.jwks)
      },
    },
  )
  const header = { kid: 'made-up' }
  const tokens = await Promise.all(
    names.map((iss) => issuer.token({ iss, exp: 4_000_000_000 }, { header })),
  )

  for (let n = 0; n < 6; n++) {
    for (const token of tokens) await verifier.verify(token).catch(() => undefined)
  }

  for (const name of names) {
    expect(asked.filter((url) => url.startsWith(name))).toHaveLength(1 + 3)
  }
})
