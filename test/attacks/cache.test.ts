/**
 * A cached token must not vouch for any other text or at any other verifier, and no caller can change what the cache returns
 * (RFC 9700 s4.9.3; CVE-2026-35030, CVE-2026-35039).
 */
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { encode, firstKey, split } from '../verify/support/raw-token.ts'
import { claimsOf, haveRemembered, judge, NOW, now, sayOf, segment, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const stranger = await createTestIssuer({ now })
const { kid } = firstKey(issuer)
const claims = { ...claimsOf(issuer), exp: NOW + 3_600 }
const cached = await issuer.token(claims)
const [header, payload, signature] = split(cached)

/** The outcome for a token. verify and verifySync must agree. */
async function sayBoth(
  verifier: ReturnType<typeof createVerifier>,
  token: string,
): Promise<string> {
  const said = await sayOf(() => verifier.verify(token))
  expect(await sayOf(() => verifier.verifySync(token))).toBe(said)
  return said
}

describe('a cached token does not vouch for', () => {
  const flipped = Buffer.from(signature, 'base64url').map((byte, at) =>
    at === 0 ? byte ^ 1 : byte,
  )

  test.each<[string, string | Promise<string>]>([
    ['the same text with another signature', `${header}.${payload}.${encode(flipped)}`],
    ['the same text without a signature', `${header}.${payload}.`],
    [
      'the same signature under another payload',
      `${header}.${segment({ ...claims, sub: 'admin' })}.${signature}`,
    ],
    [
      'the same header and payload, signed by a stranger',
      stranger.token(claims, { header: { kid } }),
    ],
    [
      'the same claims with alg none',
      issuer.token(claims, { header: { alg: 'none' }, sign: () => '' }),
    ],
    ['the same jti', issuer.token({ ...claims, aud: 'other' })],
    ['the same sub for another audience', issuer.token({ ...claims, jti: '2', aud: 'other' })],
    ['its beginning', `${header}.${payload}.${signature.slice(0, 20)}`],
    ['itself with more text appended', `${cached}AAAA`],
    ['itself with a space', `${cached} `],
    ['itself in capitals', cached.toUpperCase()],
  ])('%s', async (_, attack) => {
    const outcome = await judge({ trusted: trust(issuer), attack: await attack, control: cached })

    expect(outcome).toMatch(/^ERR_(TOKEN|CLAIM)_/)
  })

  test('text that differs in one character', async () => {
    const verifier = createVerifier(trust(issuer), { now })
    await haveRemembered(verifier, cached)

    for (let at = 0; at < cached.length; at++) {
      const letter = cached[at] === 'A' ? 'B' : 'A'
      const other = cached.slice(0, at) + letter + cached.slice(at + 1)
      expect(await sayOf(() => verifier.verifySync(other))).toMatch(/^ERR_/)
    }
  })

  test('itself at another verifier', async () => {
    const token = await issuer.token({ ...claims, jti: 'shared' })
    const first = createVerifier(trust(issuer), { now })
    await haveRemembered(first, token)
    const others = [{ audience: 'other' }, { clientId: 'other' }].map((change) =>
      createVerifier(trust(issuer, change), { now }),
    )

    const said = await Promise.all(others.map((one) => sayBoth(one, token)))

    expect(said).toEqual([
      'ERR_CLAIM_AUDIENCE aud mismatch',
      'ERR_CLAIM_CLIENT_ID client_id mismatch',
    ])
  })
})

test('no caller can change what the next one gets', async () => {
  const verifier = createVerifier(trust(issuer), { now })
  const token = await issuer.token({ ...claims, groups: ['user'], deep: { a: [{ b: 1 }] } })
  const got = (await haveRemembered(verifier, token)).claims as Record<string, unknown>
  const groups = got['groups'] as string[]

  expect(() => Object.assign(got, { sub: 'admin' })).toThrow(TypeError)
  expect(() => groups.push('admin')).toThrow(TypeError)
  expect(() => Object.setPrototypeOf(got, { admin: true })).toThrow(TypeError)

  expect((await verifier.verify(token)).claims).toMatchObject({ sub: 'alice', groups: ['user'] })
})
