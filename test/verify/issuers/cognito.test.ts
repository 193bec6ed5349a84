/**
 * Amazon Cognito: two issuer forms with separate keys, and two kinds of token that cannot replace each other.
 */
import { type CognitoOptions, cognito, createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'

const pool = await createTestIssuer()
const { userPoolId, clientId } = pool
const ORIGINAL = `https://cognito-idp.eu-west-1.amazonaws.com/${userPoolId}`
const UPDATED = `https://issuer-cognito-idp.eu-west-1.amazonaws.com/${userPoolId}`
const keysOf = (issuer: string): string => `${issuer}/.well-known/jwks.json`

/** A verifier for the pool, whose key endpoints respond with these statuses, and the URLs that were requested. */
function createOnline(statuses: Record<string, number>, change: Partial<CognitoOptions> = {}) {
  const asked: string[] = []
  const fetch: typeof globalThis.fetch = async (input) => {
    asked.push(String(input))
    return Response.json(pool.jwks, { status: statuses[String(input)] ?? 404 })
  }
  const verifier = createVerifier(
    cognito({ userPoolId, clientId, tokenUse: 'access', ...change } as CognitoOptions),
    { fetch },
  )
  return { verifier, asked }
}

describe('the two issuer forms', () => {
  test('are both accepted, each with its own keys, which are fetched for the first token of that form', async () => {
    const { verifier, asked } = createOnline({ [keysOf(ORIGINAL)]: 200, [keysOf(UPDATED)]: 200 })
    expect(asked).toEqual([])

    const original = await verifier.verify(await pool.accessToken())
    expect(asked).toEqual([keysOf(ORIGINAL)])

    const updated = await verifier.verify(await pool.accessToken({ iss: UPDATED }))
    expect(asked).toEqual([keysOf(ORIGINAL), keysOf(UPDATED)])
    expect([original.issuer, updated.issuer]).toEqual([ORIGINAL, UPDATED])
  })

  test.each([
    ['the newer form, if the pool has not switched to it', ORIGINAL],
    ['the original form', UPDATED],
  ])('a 403 for the keys of %s does not matter', async (_, inUse) => {
    const statuses = { [keysOf(ORIGINAL)]: 403, [keysOf(UPDATED)]: 403, [keysOf(inUse)]: 200 }
    const { verifier } = createOnline(statuses)

    await expect(verifier.hydrate()).resolves.toBeUndefined()
    await expect(verifier.verify(await pool.accessToken({ iss: inUse }))).resolves.toBeDefined()
  })

  test('hydrate fails if neither form has keys', async () => {
    const { verifier } = createOnline({})

    await expect(verifier.hydrate()).rejects.toMatchObject({
      code: 'ERR_JWKS_UNAVAILABLE',
      reason: 'status',
    })
  })

  test('hydrate sends no more requests than necessary', async () => {
    const { verifier, asked } = createOnline({ [keysOf(ORIGINAL)]: 200, [keysOf(UPDATED)]: 200 })

    await verifier.hydrate()

    expect(asked).toEqual([keysOf(ORIGINAL)])
  })

  test('hydrate waits for one timeout only if no endpoint responds, as in a network without internet access', async () => {
    const asked: string[] = []
    const fetch: typeof globalThis.fetch = (input) => {
      asked.push(String(input))
      return new Promise(() => undefined)
    }
    const trusted = cognito({ userPoolId, clientId, tokenUse: 'access' })
    const verifier = createVerifier(trusted, { fetch, jwks: { timeoutMs: 30 } })

    await expect(verifier.hydrate()).rejects.toMatchObject({ reason: 'timeout' })

    expect(asked).toEqual([keysOf(ORIGINAL)])
  })

  test('hydrate loads every pool', async () => {
    const asked: string[] = []
    const pools = ['eu-west-1_One', 'us-east-1_Two']
    const verifier = createVerifier(
      pools.map((id) => cognito({ userPoolId: id, clientId, tokenUse: 'access' })),
      {
        fetch: async (input) => {
          asked.push(String(input))
          return Response.json(pool.jwks)
        },
      },
    )

    await verifier.hydrate()

    expect(asked).toEqual(pools.map((id) => expect.stringContaining(id)))
  })

  test.each([
    ['eu-west-1_Example', 'eu-west-1.amazonaws.com'],
    ['us-gov-west-1_Example', 'us-gov-west-1.amazonaws.com'],
    ['ap-southeast-7_Example', 'ap-southeast-7.amazonaws.com'],
    ['eu-west-12_Example', 'eu-west-12.amazonaws.com'],
    ['cn-north-1_Example', 'cn-north-1.amazonaws.com.cn'],
    ['eusc-de-east-1_Example', 'eusc-de-east-1.amazonaws.eu'],
  ])('of %s are at %s', (id, host) => {
    const issuers = cognito({ userPoolId: id, clientId, tokenUse: 'access' })

    expect(issuers.map(({ issuer, jwksUri }) => ({ issuer, jwksUri }))).toEqual(
      ['cognito-idp', 'issuer-cognito-idp'].map((name) => ({
        issuer: `https://${name}.${host}/${id}`,
        jwksUri: `https://${name}.${host}/${id}/.well-known/jwks.json`,
      })),
    )
  })

  test.each([
    ORIGINAL.replace('eu-west-1.', 'eu-west-2.'),
    ORIGINAL.replace('cognito-idp.', 'other-cognito-idp.'),
    `${ORIGINAL}2`,
    `${ORIGINAL}/`,
    UPDATED.replace(userPoolId, 'eu-west-1_Other'),
  ])('cannot be replaced by %s', async (iss) => {
    const { verifier, asked } = createOnline({})

    const work = verifier.verify(await pool.accessToken({ iss }))

    await expect(work).rejects.toMatchObject({ code: 'ERR_CLAIM_ISSUER' })
    expect(asked).toEqual([])
  })
})

describe('overrides', () => {
  const emulator = 'http://localhost:9229/local_Example'

  test('issuer replaces both forms, and determines where the keys are', async () => {
    const change = { userPoolId: 'local_Example', issuer: emulator }
    const { verifier, asked } = createOnline({ [keysOf(emulator)]: 200 }, change)

    await expect(verifier.verify(await pool.accessToken({ iss: emulator }))).resolves.toMatchObject(
      { issuer: emulator },
    )
    await expect(verifier.verify(await pool.accessToken())).rejects.toMatchObject({
      code: 'ERR_CLAIM_ISSUER',
    })
    expect(asked).toEqual([keysOf(emulator)])
  })

  test('jwksUri is used for the keys of both forms', async () => {
    const jwksUri = 'https://mirror.example/keys'
    const { verifier, asked } = createOnline({ [jwksUri]: 200 }, { jwksUri })

    await verifier.verify(await pool.accessToken())
    await verifier.verify(await pool.accessToken({ iss: UPDATED }))

    expect(new Set(asked)).toEqual(new Set([jwksUri]))
  })

  test('jwks is used for both forms, and nothing is fetched', async () => {
    const { verifier, asked } = createOnline({}, { jwks: pool.jwks })

    await verifier.verify(await pool.accessToken())
    verifier.verifySync(await pool.accessToken({ iss: UPDATED }))

    expect(asked).toEqual([])
  })
})

test('only RS256 is accepted', async () => {
  const { verifier } = createOnline({}, { jwks: pool.jwks })
  const claims = { iss: ORIGINAL, exp: 4_000_000_000, token_use: 'access', client_id: clientId }

  for (const alg of ['RS512', 'PS256', 'ES256', 'HS256', 'none']) {
    const token = await pool.token(claims, { header: { alg } })
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'ERR_TOKEN_ALGORITHM' })
  }
})
