/**
 * Tokens that wait for the thread pool: what is checked when their turn comes.
 */
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { countPooledChecks } from '../../support/pooled-checks.ts'
import { createClock } from '../support/clock.ts'
import { split } from '../support/raw-token.ts'

const issuer = await createTestIssuer({ algorithms: ['ES512', 'ES256'] })
const es512 = issuer.keyFor('ES512')
const claims = { iss: issuer.issuer, exp: 4_000_000_000 }
const [, , signature] = split(await issuer.token(claims, { key: es512 }))
const forged = await Promise.all(
  Array.from({ length: 60 }, (_, n) =>
    issuer.token({ ...claims, n }, { key: es512, sign: () => signature }),
  ),
)
const given = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }

async function outcomeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'accepted',
    (error: { code: string }) => error.code,
  )
}

test('a token that expires while it waits is rejected', async () => {
  const clock = createClock()
  const verifier = createVerifier(given, { now: clock.now, clockToleranceSeconds: 0 })
  const token = await issuer.token({ ...claims, exp: clock.seconds() + 10 }, { key: es512 })
  const others = forged.map((one) => outcomeOf(verifier.verify(one)))

  const inTime = outcomeOf(createVerifier(given, { now: clock.now }).verify(token))
  expect(await inTime).toBe('accepted')
  const waiting = outcomeOf(verifier.verify(token))
  clock.advance(10_000)

  expect(await waiting).toBe('ERR_TOKEN_EXPIRED')
  await Promise.all(others)
})

test('the same token is checked again if another key has replaced its key meanwhile', async () => {
  const clock = createClock()
  const { jwk } = es512
  const twin = { ...(await createTestIssuer({ algorithms: ['ES512'] })).keyFor('ES512').jwk }
  let published: object = jwk
  const { jwks: _, ...trusted } = given
  const verifier = createVerifier(
    { ...trusted, jwksUri: issuer.jwksUri },
    { now: clock.now, fetch: async () => Response.json({ keys: [published] }) },
  )
  const token = await issuer.token(claims, { key: es512 })
  await verifier.hydrate()
  const others = forged.map((one) => outcomeOf(verifier.verify(one)))
  const underOld = outcomeOf(verifier.verify(token))
  published = { ...twin, kid: jwk.kid }
  clock.advance(1_200_000)

  const underNew = outcomeOf(verifier.verify(token))

  expect(await Promise.all([underOld, underNew])).toEqual(['accepted', 'ERR_TOKEN_SIGNATURE'])
  await Promise.all(others)
})

test('a signature of the wrong length is rejected without waiting', async () => {
  const verifier = createVerifier(given)
  let checked = 0
  const others = forged.map((one) => outcomeOf(verifier.verify(one)).then(() => checked++))
  const lengths = [0, 1, 131, 133, 6_000]
  const tokens = await Promise.all(
    lengths.map((length) =>
      issuer.token(claims, { key: es512, sign: () => new Uint8Array(length) }),
    ),
  )

  const outcomes = await Promise.all(tokens.map((token) => outcomeOf(verifier.verify(token))))

  expect(new Set(outcomes)).toEqual(new Set(['ERR_TOKEN_SIGNATURE']))
  expect(checked).toBe(0)
  await Promise.all(others)
})

test('two tokens with one signature do not end the sharing of each other', async () => {
  const verifier = createVerifier(given, { threadPoolSize: 1 })
  const [first = '', second = ''] = forged
  const pool = countPooledChecks()

  const underway = outcomeOf(verifier.verify(first))
  const waiting = outcomeOf(verifier.verify(second))
  await underway
  await Promise.all([waiting, outcomeOf(verifier.verify(second))])

  expect(pool.ended()).toBe(2)
})

test('cheap checks pass expensive ones of another issuer only in their turn, and none is lost', async () => {
  const near = await createTestIssuer({ algorithms: ['ES256'], userPoolId: 'eu-west-1_Near' })
  const verifier = createVerifier([given, { issuer: near.issuer, audience: null, jwks: near.jwks }])
  const key = near.keyFor('ES256')
  const good = await Promise.all(
    Array.from({ length: 300 }, (_, n) => near.token({ ...claims, iss: near.issuer, n }, { key })),
  )

  const others = forged.map((one) => outcomeOf(verifier.verify(one)))
  const outcomes = await Promise.all(good.map((token) => outcomeOf(verifier.verify(token))))

  expect(new Set(outcomes)).toEqual(new Set(['accepted']))
  expect(new Set(await Promise.all(others))).toEqual(new Set(['ERR_TOKEN_SIGNATURE']))
})
