/**
 * Tokens from random bytes to nearly valid ones: none is accepted, and each gets an error of this library.
 */

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { ACCEPTED, codeOf, fuzz, sayOf, TIMEOUT_MS } from './fuzz.ts'
import { anyToken, changed, recombined } from './inputs.ts'

const NOW = 1_800_000_000
const now = () => NOW * 1_000
const issuer = await createTestIssuer({ now, algorithms: ['ES256'] })
const stranger = await createTestIssuer({ now })
const { issuer: iss, jwks } = issuer
const claims = { iss, aud: 'api', sub: 'alice', client_id: 'app', iat: NOW, exp: NOW + 60 }
const verifier = createVerifier({ issuer: iss, audience: 'api', clientId: 'app', jwks }, { now })
const lax = createVerifier({ issuer: iss, audience: null, jwks, tokenType: null }, { now })
const rs256 = await issuer.token(claims)
const GOOD = [
  rs256,
  await issuer.token(claims, { key: issuer.keyFor('ES256') }),
  await issuer.token({ ...claims, sub: 'bob', deep: [{ a: 1 }] }),
]
const BAD = [
  await stranger.token(claims),
  await stranger.token(claims, { header: { kid: issuer.keys[0]?.kid } }),
  await issuer.token(claims, { header: { alg: 'none' }, sign: () => '' }),
  await issuer.token({ ...claims, exp: 1 }),
]

/** Never accepted, neither by a strict verifier nor by a lax one. */
async function sayRefused(token: string): Promise<string> {
  const said = await sayOf(lax, token)
  expect(said).not.toBe(ACCEPTED)
  expect(await sayOf(verifier, token)).not.toBe(ACCEPTED)
  return said
}

test('the control: the original tokens are accepted', async () => {
  for (const token of GOOD) expect(await sayOf(verifier, token)).toBe(ACCEPTED)
})

test(
  'random text is rejected',
  () => fuzz('text', { inputs: anyToken, short: 300 }, sayRefused),
  TIMEOUT_MS,
)

test(
  'good tokens with changed characters are rejected',
  () => {
    const inputs = changed([...GOOD, ...BAD]).filter((token) => !GOOD.includes(token))
    return fuzz('changed tokens', { inputs, short: 300 }, sayRefused)
  },
  TIMEOUT_MS,
)

test(
  'recombined parts of good tokens are rejected',
  () => {
    const inputs = recombined([...GOOD, ...BAD.slice(0, 3)]).filter(
      (token) => !GOOD.includes(token),
    )
    return fuzz('recombined tokens', { inputs, short: 200 }, sayRefused)
  },
  TIMEOUT_MS,
)

test(
  'any header and payload signed by a stranger are rejected',
  () => {
    const members = fc.dictionary(fc.string(), fc.jsonValue())
    const header = fc.record({ alg: fc.constantFrom('RS256', 'RS256', 'RS256', 'HS256') })
    const inputs = fc.tuple(members, header, members)
    return fuzz('signed by a stranger', { inputs, short: 60 }, async ([more, { alg }, other]) => {
      const head = { ...more, alg, kid: issuer.keys[0]?.kid }
      return sayRefused(await stranger.token({ ...other, ...claims }, { header: head }))
    })
  },
  TIMEOUT_MS,
)

test(
  'validly signed claims with one wrong value are rejected',
  () => {
    const wrong = fc.oneof(fc.jsonValue(), fc.double(), fc.constantFrom(undefined, 'ap', ['ap']))
    const inputs = fc
      .tuple(fc.constantFrom('iss', 'aud', 'client_id', 'exp', 'sub'), wrong)
      .filter(([name, value]) => !isGood(name, value))
    return fuzz('wrong claims', { inputs, short: 150 }, async ([name, value]) => {
      const said = await sayOf(verifier, await issuer.token({ ...claims, [name]: value }))
      expect(said).not.toBe(ACCEPTED)
      return said
    })
  },
  TIMEOUT_MS,
)

/** What the claim may be, in other words. JSON has null for numbers that it cannot represent. */
function isGood(name: string, value: unknown): boolean {
  if (name === 'exp') return Number.isFinite(value) && (value as number) > NOW - 5
  if (name === 'sub') return value === undefined || typeof value === 'string'
  if (name === 'aud' && Array.isArray(value)) return value.includes('api')
  return value === claims[name as 'iss']
}

test(
  'nothing of a rejected token stays in memory',
  async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const send = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n++) {
        // each text is a separate flat string
        const text = Buffer.from(`${rs256}${n}`.padEnd(16_000, 'A')).toString('latin1')
        expect(await codeOf(() => lax.verify(text))).toBe('ERR_TOKEN_SIGNATURE')
      }
    }
    await send(100)
    collect()
    const before = process.memoryUsage().heapUsed

    await send(600)

    collect()
    // if they were kept, they would be 10 MB
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(4_000_000)
  },
  TIMEOUT_MS,
)
