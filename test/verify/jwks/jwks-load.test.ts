/**
 * Many concurrent callers and a real key endpoint on loopback: how many requests they cause, and how they affect each other.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createVerifier, type JwtGateError, type Verifier } from 'jwt-gate'
import { createTestIssuer, type TestIssuer } from 'jwt-gate/testing'
import { expect, onTestFinished, test } from 'vitest'
import { createClock } from '../support/clock.ts'
import { startKeyServer } from '../support/key-server.ts'

const LIFETIME_MS = 600_000
const MAX_STALE_MS = 7_200_000
const exp = 4_000_000_000

interface Endpoint {
  readonly clock: ReturnType<typeof createClock>
  readonly issuer: TestIssuer
  readonly verifier: Verifier
  readonly good: string
}

async function start(): Promise<Endpoint> {
  const clock = createClock()
  const issuer = await createTestIssuer()
  await issuer.listen()
  const trusted = { issuer: issuer.issuer, audience: null, jwksUri: issuer.jwksUri }
  const verifier = createVerifier(trusted, { now: clock.now })
  onTestFinished(async () => {
    verifier.close()
    await issuer.close()
  })
  return { clock, issuer, verifier, good: await mint(issuer) }
}

function mint(issuer: TestIssuer): Promise<string> {
  return issuer.token({ iss: issuer.issuer, exp })
}

/** A token that is rejected before its signature is checked. */
function makeUp(issuer: TestIssuer, n: number): Promise<string> {
  return issuer.token({ iss: issuer.issuer, exp }, { header: { kid: `k${n}` }, sign: () => 'AAAA' })
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'accepted',
    (error: JwtGateError) => error.code,
  )
}

test('1,000 concurrent first calls cause one request', async () => {
  const { issuer, verifier, good } = await start()

  const calls = Array.from({ length: 1_000 }, () => codeOf(verifier.verify(good)))
  const codes = await Promise.all(calls)

  expect(new Set(codes)).toEqual(new Set(['accepted']))
  expect(issuer.requests).toBe(1)
})

test('10,000 made-up key ids from 50 callers in 5 s cause 4 requests, and a known key keeps working', async () => {
  const { clock, issuer, verifier, good } = await start()
  await verifier.verify(good)
  const caller = async (id: number): Promise<void> => {
    for (let n = 0; n < 200; n++) {
      const code = await codeOf(verifier.verify(await makeUp(issuer, id * 200 + n)))
      expect(code).toBe('ERR_KEY_NOT_FOUND')
      clock.advance(0.5)
      if (n % 50 === 0) expect(await codeOf(verifier.verify(good))).toBe('accepted')
    }
  }

  await Promise.all(Array.from({ length: 50 }, (_, id) => caller(id)))

  expect(issuer.requests).toBe(4)
})

test('a rotated key is found within 10 s during such a flood', async () => {
  const { clock, issuer, verifier, good } = await start()
  await verifier.verify(good)
  for (let n = 0; n < 10; n++) await codeOf(verifier.verify(await makeUp(issuer, n)))
  await issuer.rotateKeys()
  const rotated = await mint(issuer)

  const codes: string[] = []
  for (let n = 0; n < 1_000; n++) {
    codes.push(await codeOf(verifier.verify(await makeUp(issuer, n))))
    clock.advance(10)
  }
  const code = await codeOf(verifier.verify(rotated))

  expect(new Set(codes)).toEqual(new Set(['ERR_KEY_NOT_FOUND']))
  expect(code).toBe('accepted')
})

test('10,000 calls in a 10 s outage without cached keys cause at most 6 requests', async () => {
  const { clock, issuer, verifier, good } = await start()
  issuer.fail('down')

  const codes = new Set<string>()
  for (let n = 0; n < 10_000; n++) {
    codes.add(await codeOf(verifier.verify(good)))
    clock.advance(1)
  }

  expect(codes).toEqual(new Set(['ERR_JWKS_UNAVAILABLE']))
  expect(issuer.requests).toBeLessThanOrEqual(6)
})

test('no call fails in an outage while the keys are younger than maxStaleMs, and every call fails after that', async () => {
  const { clock, issuer, verifier, good } = await start()
  await verifier.verify(good)
  issuer.fail('down')

  const before = new Set<string>()
  for (let age = 0; age < MAX_STALE_MS; age += 60_000) {
    before.add(await codeOf(verifier.verify(good)))
    await verifier.settled()
    clock.advance(60_000)
  }
  const after = await codeOf(verifier.verify(good))

  expect(before).toEqual(new Set(['accepted']))
  expect(after).toBe('ERR_JWKS_UNAVAILABLE')
})

test.each([0.8, 1.99])(
  'no call waits for a hanging endpoint, at %d of the lifetime',
  async (part) => {
    const { clock, issuer, verifier, good } = await start()
    await verifier.verify(good)
    issuer.fail('slow')
    clock.advance(part * LIFETIME_MS)
    let isSettled = false

    const code = await codeOf(verifier.verify(good))
    const settled = verifier.settled().then(() => {
      isSettled = true
    })
    await Promise.resolve()

    expect(code).toBe('accepted')
    expect(isSettled).toBe(false)
    verifier.close()
    await settled
  },
)

/** Tenants on one real server, found by a function. They differ only in their names. */
async function startTenants() {
  const clock = createClock()
  const issuer = await createTestIssuer()
  const open = { now: 0, most: 0 }
  const server = await startKeyServer((_request, response) => {
    open.now++
    open.most = Math.max(open.most, open.now)
    setImmediate(() => {
      open.now--
      response.setHeader('content-type', 'application/json').end(JSON.stringify(issuer.jwks))
    })
  })
  const calls = { count: 0 }
  const verifier = createVerifier(
    async (iss) => {
      calls.count++
      return { issuer: iss, audience: null, jwksUri: `${iss}/jwks` }
    },
    { now: clock.now },
  )
  onTestFinished(() => verifier.close())
  const nameOf = (tenant: string) => `${server.origin}/${tenant}`
  const [key] = issuer.keys
  const header = { kid: key?.kid as string }
  return {
    ...{ clock, verifier, server, open, calls, issuer },
    good: await issuer.token({ iss: nameOf('real'), exp }),
    forge: (tenant: string) =>
      issuer.token({ iss: nameOf(tenant), exp }, { header, sign: () => 'AAAA' }),
  }
}

async function heapBytes(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  for (let n = 0; n < 3; n++) {
    collect()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return process.memoryUsage().heapUsed
}

test('10,000 made-up tenants from 50 callers cause 1,001 requests, and use the memory of 2,000', async () => {
  const { verifier, server, open, good, forge } = await startTenants()
  expect(await codeOf(verifier.verify(good))).toBe('accepted')
  const codes = new Set<string>()
  const call = async (from: number, to: number): Promise<void> => {
    for (let n = from; n < to; n++) {
      codes.add(await codeOf(verifier.verify(await forge(`t${n}`))))
      if (n % 20 === 0) expect(await codeOf(verifier.verify(good))).toBe('accepted')
    }
  }
  const callAll = (from: number, each: number) =>
    Promise.all(
      Array.from({ length: 50 }, (_, id) => call(from + id * each, from + id * each + each)),
    )

  await callAll(0, 40)
  const before = await heapBytes()
  await callAll(2_000, 160)
  const after = await heapBytes()

  expect(codes).toEqual(new Set(['ERR_TOKEN_SIGNATURE', 'ERR_JWKS_UNAVAILABLE']))
  expect(server.asked.length).toBeLessThanOrEqual(1_001)
  expect(open.most).toBeLessThanOrEqual(100)
  // 8,000 entries of 2 KB would be 16 MB
  expect(after - before).toBeLessThan(8_000_000)
}, 120_000)

test('10 forged tokens with made-up key ids for each of 1,000 tenants cause 1,000 more requests', async () => {
  const { clock, verifier, server, issuer, calls } = await startTenants()
  const iss = (n: number) => `${server.origin}/t${n}`
  for (let n = 0; n < 1_000; n++) {
    expect(await codeOf(verifier.verify(await issuer.token({ iss: iss(n), exp })))).toBe('accepted')
    clock.advance(1)
  }
  clock.advance(50_000)
  const before = server.asked.length
  const flood = async (): Promise<void> => {
    for (let n = 0; n < 10_000; n++) {
      const header = { kid: `made-up-${n}` }
      const token = await issuer.token({ iss: iss(n % 1_000), exp }, { header, sign: () => 'AAAA' })
      await codeOf(verifier.verify(token))
    }
  }

  await flood()
  const atOnce = server.asked.length - before

  expect(before).toBe(1_000)
  // with a budget of its own, each tenant could have three
  expect(atOnce).toBeLessThanOrEqual(1_000)
  expect(calls.count).toBe(1_000)
}, 120_000)
