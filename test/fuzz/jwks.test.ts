/**
 * JWK Sets of any shape: a token is accepted only if the set includes its key, and a forged one never.
 */
import fc from 'fast-check'
import { createVerifier, type Verifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { ACCEPTED, codeOf, fuzz, TIMEOUT_MS } from './fuzz.ts'
import { anyText, changed, corrupted } from './inputs.ts'

const issuer = await createTestIssuer({ algorithms: ['ES256', 'Ed25519'] })
const stranger = await createTestIssuer()
const claims = { iss: issuer.issuer, exp: 4_000_000_000 }
const good = issuer.jwks.keys
const text = JSON.stringify(issuer.jwks)
const TOKENS = await Promise.all(issuer.keys.map((key) => issuer.token(claims, { key })))
const FORGED = await Promise.all(
  good.map(({ kid, alg }) =>
    issuer.token(claims, { key: stranger.keys[0] as never, header: { kid, alg } }),
  ),
)

const verifierFor = (body: string): Verifier =>
  createVerifier(
    { issuer: issuer.issuer, audience: null, jwksUri: issuer.jwksUri },
    { fetch: async () => new Response(body) },
  )

/** Whether a body includes the key itself, whatever else it includes, and however its numbers are spelled. */
function hasKey(body: string, at: number): boolean {
  const { keys } = JSON.parse(body) as { keys: readonly unknown[] }
  return keys.some((one) => toIdentity(one) === toIdentity(good[at]))
}

function toIdentity(jwk: unknown): string {
  const { kty, kid, crv, ...rest } = Object(jwk)
  const numbers = ['n', 'e', 'x', 'y'].map((name) => Buffer.from(String(rest[name]), 'base64url'))
  return JSON.stringify([kty, kid, crv, ...numbers.map((bytes) => bytes.toString('hex'))])
}

async function sayOfBody(body: string): Promise<string> {
  const verifier = verifierFor(body)
  const said = await Promise.all(TOKENS.map((token) => codeOf(() => verifier.verify(token))))
  for (const [at, one] of said.entries()) if (one === ACCEPTED) expect(hasKey(body, at)).toBe(true)
  for (const token of FORGED) expect(await codeOf(() => verifier.verify(token))).not.toBe(ACCEPTED)
  return [...new Set(said)].sort().join(' ')
}

test('the control: the original set is accepted', async () => {
  expect(await sayOfBody(text)).toBe(ACCEPTED)
})

test(
  'no token is accepted with random bodies',
  () => {
    const inputs = fc.oneof(
      anyText,
      fc.json(),
      fc.jsonValue().map((keys) => JSON.stringify({ keys })),
    )
    return fuzz('bodies', { inputs, short: 120 }, async (body) => {
      const said = await sayOfBody(body)
      expect(said).toMatch(/^ERR_JWKS_/)
      return said
    })
  },
  TIMEOUT_MS,
)

test(
  'no forged token is accepted with a set that has changed characters',
  () => fuzz('changed sets', { inputs: changed([text]), short: 100 }, sayOfBody),
  TIMEOUT_MS,
)

test(
  'no forged token is accepted with a set that has changed members',
  () => {
    const inputs = corrupted(issuer.jwks).map((set) => JSON.stringify(set))
    return fuzz('corrupted sets', { inputs, short: 120 }, sayOfBody)
  },
  TIMEOUT_MS,
)

test(
  'no token is accepted with keys of strangers under known kids',
  () => {
    const member = fc.constantFrom('use', 'alg', 'key_ops', 'kty', 'crv', 'd', 'k', 'x5c')
    const key = fc.tuple(
      fc.constantFrom(...stranger.jwks.keys),
      fc.constantFrom(...good.map(({ kid }) => kid)),
      fc.dictionary(member, fc.jsonValue(), { maxKeys: 1 }),
    )
    const inputs = fc
      .array(key, { maxLength: 6 })
      .map((keys) =>
        JSON.stringify({ keys: keys.map(([jwk, kid, more]) => ({ ...jwk, kid, ...more })) }),
      )
    const forge = (kid: unknown) => stranger.token(claims, { header: { kid } })
    return fuzz('strangers', { inputs, short: 50 }, async (body) => {
      const verifier = verifierFor(body)
      const said = await Promise.all(TOKENS.map((token) => codeOf(() => verifier.verify(token))))
      expect(said).not.toContain(ACCEPTED)
      // keys that the issuer itself publishes are its own, but a token must never be verified with another key than it names
      expect(await codeOf(async () => verifier.verify(await forge('made-up')))).not.toBe(ACCEPTED)
      return said.sort().join(' ')
    })
  },
  TIMEOUT_MS,
)
