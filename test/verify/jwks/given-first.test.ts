/**
 * `jwks` together with `jwksUri`: the given keys are used until the endpoint has answered.
 */
import { cognito, createVerifier, type TrustedIssuer } from 'jwt-gate'
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createSetup, down, isPending, MAX_STALE_MS, mintTokens } from '../support/key-endpoint.ts'

const issuer = await createTestIssuer()
const tokens = await mintTokens(issuer)
const [first] = issuer.keys as [TestKey, TestKey]

function create(jwks: TrustedIssuer['jwks'] = { keys: [first.jwk] } as never) {
  const setup = createSetup(issuer, {})
  const { issuer: name, jwksUri } = issuer
  let count = 0
  let answer = down
  const verifier = createVerifier(
    { issuer: name, audience: null, jwks, jwksUri },
    {
      now: setup.clock.now,
      onEvent: (event) => setup.events.push(event),
      fetch: async (_, init) => {
        count++
        return answer(init?.signal as AbortSignal)
      },
    },
  )
  return {
    ...{ clock: setup.clock, events: setup.events, verifier },
    requests: () => count,
    serve: (...keys: readonly number[]) => {
      answer = () => Response.json({ keys: keys.map((at) => issuer.jwks.keys[at]) })
    },
    fail: () => {
      answer = down
    },
  }
}

describe('given keys', () => {
  test('verify the first token without waiting for the endpoint', async () => {
    const { verifier, serve, requests } = create()
    serve(0)

    expect(verifier.verifySync(tokens.first)).toBeDefined()
    expect(requests()).toBe(0)
    const verified = verifier.verify(tokens.first)

    expect(await isPending(verified)).toBe(false)
    await verifier.settled()
    expect(requests()).toBe(1)
  })

  test('work while the endpoint does not answer, however long', async () => {
    const { verifier, clock, events } = create()

    for (let hour = 0; hour < 5; hour++) {
      await expect(verifier.verify(tokens.first)).resolves.toBeDefined()
      await verifier.settled()
      clock.advance(3_600_000)
    }

    expect(events.every(({ type }) => type === 'jwks.failed')).toBe(true)
    expect(verifier.verifySync(tokens.first)).toBeDefined()
    await expect(verifier.hydrate()).resolves.toBeUndefined()
  })

  test('are an outage for a key that they lack, not a bad token', async () => {
    const { verifier } = create()

    await expect(verifier.verify(tokens.second)).rejects.toMatchObject({
      code: 'ERR_JWKS_UNAVAILABLE',
    })
  })

  test('end when the endpoint has answered', async () => {
    const { verifier, serve } = create()
    serve(1)
    await verifier.verify(tokens.first)
    await verifier.settled()

    await expect(verifier.verify(tokens.first)).rejects.toMatchObject({ code: 'ERR_KEY_NOT_FOUND' })
    await expect(verifier.verify(tokens.second)).resolves.toBeDefined()
  })

  test('do not return after the endpoint has answered', async () => {
    const { verifier, serve, fail, clock } = create()
    serve(0)
    await verifier.hydrate()
    fail()
    clock.advance(MAX_STALE_MS)

    await expect(verifier.verify(tokens.first)).rejects.toMatchObject({
      code: 'ERR_JWKS_UNAVAILABLE',
    })
    verifier.close()
    await expect(verifier.verify(tokens.first)).rejects.toMatchObject({
      code: 'ERR_JWKS_UNAVAILABLE',
    })
  })

  test('let a new key be found', async () => {
    const { verifier, serve } = create()
    serve(0, 1)

    await expect(verifier.verify(tokens.second)).resolves.toBeDefined()
  })

  test('stay the same keys if the endpoint has them, so that cached tokens stay valid', async () => {
    const { verifier, serve } = create()
    serve(0)
    await verifier.verify(tokens.first)
    const before = await verifier.verify(tokens.first)
    await verifier.settled()

    expect(await verifier.verify(tokens.first)).toBe(before)
  })

  test('without a kid fit every kid, until the endpoint has answered', async () => {
    const { kid: _, ...nameless } = first.jwk as { kid?: string }
    const { verifier, serve, clock } = create({ keys: [nameless] } as never)
    await expect(verifier.verify(tokens.first)).resolves.toBeDefined()
    await verifier.settled()

    serve(1)
    clock.advance(60_000)
    await verifier.hydrate()

    await expect(verifier.verify(tokens.first)).rejects.toMatchObject({ code: 'ERR_KEY_NOT_FOUND' })
  })

  test('survive close() while the endpoint has not answered', async () => {
    const { verifier } = create()
    await verifier.verify(tokens.first)

    verifier.close()

    await expect(verifier.verify(tokens.first)).resolves.toBeDefined()
  })

  test('must have one that can be used', () => {
    expect(() => create({ keys: [] })).toThrow('"jwks" has no usable key')
  })
})

test('cognito() takes both', async () => {
  const { userPoolId, clientId, jwks, jwksUri } = issuer
  const pool = { userPoolId, clientId, tokenUse: 'access' as const, issuer: issuer.issuer }
  let count = 0
  const fetch = async () => {
    count++
    return Response.json(issuer.jwks)
  }
  const verifier = createVerifier(cognito({ ...pool, jwks: jwks as never, jwksUri }), { fetch })
  const token = await issuer.accessToken()

  expect(verifier.verifySync(token)).toBeDefined()
  await verifier.verify(token)
  await verifier.settled()
  expect(count).toBe(1)
})
