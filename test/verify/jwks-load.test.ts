/**
 * Many callers at once, against a real key endpoint on loopback: what they may cost it, and each other.
 */
import { createVerifier, type JwtGateError, type Verifier } from 'jwt-gate'
import { createTestIssuer, type TestIssuer } from 'jwt-gate/testing'
import { expect, onTestFinished, test } from 'vitest'
import { createClock } from './support/clock.ts'

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

/** Never gets as far as its signature. */
function makeUp(issuer: TestIssuer, n: number): Promise<string> {
  return issuer.token({ iss: issuer.issuer, exp }, { header: { kid: `k${n}` }, sign: () => 'AAAA' })
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'accepted',
    (error: JwtGateError) => error.code,
  )
}

test('1,000 first calls at once are one request', async () => {
  const { issuer, verifier, good } = await start()

  const calls = Array.from({ length: 1_000 }, () => codeOf(verifier.verify(good)))
  const codes = await Promise.all(calls)

  expect(new Set(codes)).toEqual(new Set(['accepted']))
  expect(issuer.requests).toBe(1)
})

test('10,000 made-up ids from 50 callers in 5 s are 4 requests, and a known key is used on', async () => {
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

test('a rotated key is found within 10 s, under such a flood', async () => {
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

test('10,000 calls in 10 s of an outage, without keys, are 6 requests at most', async () => {
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

test('no call fails in an outage while the keys are younger than maxStaleMs, and every call does after', async () => {
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
  'no call waits for an endpoint that hangs, at %d of the lifetime',
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
