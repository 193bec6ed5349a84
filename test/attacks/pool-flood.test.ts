/**
 * Forged tokens cannot monopolize libuv's thread pool, which verifies ES*, EdDSA and ML-DSA, resolves host names and reads files
 * for the whole process (CWE-400, CWE-770). Nothing here measures time: the tests compare the order of events.
 */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { createVerifier, type Verifier } from 'jwt-gate'
import { authErrorHandler, requireJwt } from 'jwt-gate/express'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer, type TestIssuer } from 'jwt-gate/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { bearer, serve } from '../support/http.ts'
import { split } from '../verify/support/raw-token.ts'
import { ACCEPTED, claimsOf, now, SIGNATURE, sayOf, trust } from './setup.ts'

const BUSY = 'ERR_JWKS_UNAVAILABLE busy'
/** The checks that run at once. Others wait. */
const RUNNING = 3
const algorithms = ['ES256', 'ES512'] as const
const pools = [
  'eu-west-1_PoolOne',
  'eu-west-1_PoolTwo',
  'eu-west-1_PoolThree',
  'eu-west-1_PoolFour',
]
const issuers = await Promise.all(
  pools.map((userPoolId) => createTestIssuer({ now, algorithms, userPoolId })),
)
const [issuer, other] = issuers as [TestIssuer, TestIssuer]
const start = (): Verifier =>
  createVerifier(
    issuers.map((one) => trust(one)),
    { now, tokenCache: false, maxTokenBytes: 1_048_576 },
  )

const mint = (from: TestIssuer, alg: 'RS256' | 'ES256' | 'ES512', jti = 'good'): Promise<string> =>
  from.token({ ...claimsOf(from), jti }, { key: from.keyFor(alg) })

/** Tokens with different texts and one signature that belongs to another text. Each costs as much as a good one. */
async function forge(from: TestIssuer, count: number, pad = '') {
  const [, , signature] = split(await mint(from, 'ES512'))
  const key = from.keyFor('ES512')
  const claims = { ...claimsOf(from), pad }
  const texts = Array.from({ length: count }, (_, n) =>
    from.token({ ...claims, jti: `forged ${n}` }, { key, sign: () => signature }),
  )
  return Promise.all(texts)
}

/** As forgers may also send them. A check is shared by its signature. */
const withOwnSignatures = (tokens: readonly string[]) =>
  tokens.map((token, at) => `${token.slice(0, -8)}${1_000 + at}${token.slice(-4)}`)

/** Fourteen of them occupy more memory than may wait. */
const forgeLong = (from: TestIssuer, count: number) => forge(from, count, 'x'.repeat(600_000))

interface Flood {
  /** The outcomes so far. */
  readonly said: string[]
  /** The number of tokens whose signature was checked so far. */
  readonly checked: () => number
  readonly over: Promise<unknown>
}

/** Verifies all tokens at once. */
function flood(verifier: Verifier, tokens: readonly string[]): Flood {
  const said: string[] = []
  const calls = tokens.map(async (token) => said.push(await sayOf(() => verifier.verify(token))))
  const checked = () => said.filter((one) => one === SIGNATURE).length
  return { said, checked, over: Promise.all(calls) }
}

describe('while one issuer is flooded with forged tokens', () => {
  test('a file is read before more than a few of them are checked', async () => {
    const verifier = start()
    const { checked, over } = flood(verifier, await forge(issuer, 70))

    await readFile(import.meta.filename)
    const before = checked()
    await over

    expect(before).toBeLessThan(35)
    expect(checked()).toBe(70)
  })

  test('a good RS256 token is accepted before the second of them is checked', async () => {
    const verifier = start()
    const good = await mint(issuer, 'RS256')
    const { checked, over } = flood(verifier, await forge(issuer, 70))

    expect(await sayOf(() => verifier.verify(good))).toBe(ACCEPTED)
    expect(checked()).toBeLessThan(2)
    await over
  })

  test('a good ES512 token is accepted before more than a few of them are checked, whoever its client is', async () => {
    const verifier = start()
    const good = await mint(issuer, 'ES512')
    const { checked, over } = flood(verifier, await forge(issuer, 200))

    expect(await sayOf(() => verifier.verify(good))).toBe(ACCEPTED)
    expect(checked()).toBeLessThan(10)
    await over
  })

  test('a good token that is sent again does not wait where its first call does', async () => {
    const verifier = start()
    const good = await mint(issuer, 'ES512')
    const forged = await forge(issuer, 200)
    const before = flood(verifier, forged.slice(0, RUNNING))
    const first = sayOf(() => verifier.verify(good))
    const after = flood(verifier, withOwnSignatures(forged.slice(RUNNING)))

    expect(await sayOf(() => verifier.verify(good))).toBe(ACCEPTED)
    expect(after.checked()).toBeLessThan(10)
    expect(await first).toBe(ACCEPTED)
    await Promise.all([before.over, after.over])
  })

  test('tokens of another issuer wait for their turn, not for the whole flood', async () => {
    const verifier = start()
    const good = await Promise.all(['1', '2', '3'].map((jti) => mint(other, 'ES512', jti)))
    const { checked, over } = flood(verifier, await forge(issuer, 100))

    const said = await Promise.all(good.map((token) => sayOf(() => verifier.verify(token))))
    const before = checked()
    await over

    expect(said).toEqual([ACCEPTED, ACCEPTED, ACCEPTED])
    expect(before).toBeLessThan(20)
    expect(checked()).toBeGreaterThan(40)
  })

  test('a good token of another issuer is accepted, even if all other issuers are flooded', async () => {
    const verifier = start()
    const good = await mint(other, 'ES512')
    const flooded = issuers.filter((one) => one !== other)
    const floods = []
    for (const one of flooded) floods.push(flood(verifier, await forge(one, 50)))

    expect(await sayOf(() => verifier.verify(good))).toBe(ACCEPTED)
    expect(Math.max(...floods.map(({ checked }) => checked()))).toBeLessThan(20)
    await Promise.all(floods.map(({ over }) => over))
    expect(Math.min(...floods.map(({ checked }) => checked()))).toBeGreaterThan(20)
  })

  test('the keys of another issuer are fetched in time, including the lookup of its host name', async () => {
    const far = await createTestIssuer({ now, userPoolId: 'eu-west-1_FarAway' })
    const server = createServer((_request, response) => response.end(JSON.stringify(far.jwks)))
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
    onTestFinished(() => void server.close())
    const jwksUri = `http://localhost:${(server.address() as AddressInfo).port}/`
    const verifier = createVerifier(
      [trust(issuer), { issuer: far.issuer, audience: 'api', jwksUri }],
      { now },
    )
    const good = await far.token(claimsOf(far))
    const { said, checked, over } = flood(verifier, await forge(issuer, 300))

    expect(await sayOf(() => verifier.verify(good))).toBe(ACCEPTED)
    expect(checked()).toBeLessThan(300)
    await over
    expect(new Set(said)).toEqual(new Set([SIGNATURE]))
  })
})

describe('the queue is bounded', () => {
  test('for one issuer', async () => {
    const { said, checked, over } = flood(start(), await forgeLong(issuer, 40))
    await over

    expect(said).toHaveLength(40)
    expect(new Set(said)).toEqual(new Set([SIGNATURE, BUSY]))
    expect(checked()).toBe(RUNNING + 12)
  })

  test('for many issuers, each of which gets a share', async () => {
    const verifier = start()
    const forged = await Promise.all(issuers.map((one) => forgeLong(one, 20)))
    const floods = forged.map((tokens) => flood(verifier, tokens))
    await Promise.all(floods.map(({ over }) => over))
    const counts = floods.map(({ checked }) => checked())

    expect(Math.min(...counts)).toBeGreaterThan(2)
    expect(counts.reduce((sum, count) => sum + count)).toBeLessThan(
      12.5 * (1 + 1 / 2 + 1 / 3 + 1 / 4) + RUNNING + 4,
    )
  })

  test('but holds a thousand good ES256 tokens', async () => {
    const tokens = await Promise.all(
      Array.from({ length: 1_000 }, (_, n) => mint(issuer, 'ES256', `${n}`)),
    )
    const { said, over } = flood(start(), tokens)
    await over

    expect(new Set(said)).toEqual(new Set([ACCEPTED]))
  })

  test('a token that was rejected as busy is accepted after the flood', async () => {
    const verifier = start()
    const good = await mint(issuer, 'ES512')
    const forged = await forgeLong(issuer, 40)
    const before = flood(verifier, forged.slice(0, RUNNING))
    const said = sayOf(() => verifier.verify(good))
    const after = flood(verifier, forged.slice(RUNNING))

    expect(await said).toBe(BUSY)
    await Promise.all([before.over, after.over])
    expect(await sayOf(() => verifier.verify(good))).toBe(ACCEPTED)
  })
})

test('callers that try again at once do not keep the event loop from turning', async () => {
  const verifier = start()
  const forged = await forgeLong(issuer, 40)
  let hadTurn = false
  setImmediate(() => {
    hadTurn = true
  })
  let busy = 0
  const calls = forged.map(async (token) => {
    while (!hadTurn && busy < 200) {
      if ((await sayOf(() => verifier.verify(token))) === BUSY) busy++
    }
  })
  await Promise.all(calls)

  expect(hadTurn).toBe(true)
  expect(busy).toBeLessThan(200)
})

describe('equal tokens in flight share one check', () => {
  test('so that none of a thousand is rejected as busy', async () => {
    const good = await mint(issuer, 'ES512')
    const { said, over } = flood(start(), Array(1_000).fill(good))
    await over

    expect(new Set(said)).toEqual(new Set([ACCEPTED]))
  })

  test('a token does not get the verdict of another token with the same signature', async () => {
    const verifier = start()
    const good = await mint(issuer, 'ES512')
    const [forged] = await forge(issuer, 1)
    const stolen = `${forged?.split('.').slice(0, 2).join('.')}.${split(good)[2]}`

    const said = await Promise.all(
      [good, stolen, good, stolen].map((token) => sayOf(() => verifier.verify(token))),
    )

    expect(said).toEqual([ACCEPTED, SIGNATURE, ACCEPTED, SIGNATURE])
  })
})

describe('a token that cannot be checked is an outage, and no verdict on the token', () => {
  test('Express gets a 503 with Retry-After, and no token is accepted', async () => {
    const verifier = start()
    const good = await mint(issuer, 'ES512')
    const forged = await forgeLong(issuer, 40)
    const app = express()
    app.use((_req, _res, next) => {
      flood(verifier, forged.slice(0, RUNNING))
      next()
      flood(verifier, forged.slice(RUNNING))
    })
    app.get('/', requireJwt(verifier, { optional: 'missing-or-invalid' }), (_req, res) => {
      res.send('handled')
    })
    app.use(authErrorHandler())
    const ask = await serve(app)

    const answer = await ask('/', bearer(good))

    expect(answer.status).toBe(503)
    expect(answer.headers['retry-after']).toBe('1')
    expect(answer.headers['www-authenticate']).toBeUndefined()
    expect(JSON.parse(answer.body)).toMatchObject({ error: 'temporarily_unavailable' })
  })

  test('the authorizer fails with an error other than Unauthorized, which API Gateway does not cache', async () => {
    const verifier = start()
    const token = await mint(issuer, 'ES512')
    const handler = createAuthorizer(verifier)
    const forged = await forgeLong(issuer, 40)

    flood(verifier, forged.slice(0, RUNNING))
    const answer = handler(createAuthorizerEvent('rest-request', { token }))
    const { over } = flood(verifier, forged.slice(RUNNING))

    await expect(answer).rejects.toMatchObject({ cause: { reason: 'busy', status: 503 } })
    await over
  })
})
