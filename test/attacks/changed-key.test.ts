/**
 * An issuer has changed a key under its name. A token that nobody signed, or that another key signed, is not verified by the new
 * key either, on the calling thread and in the thread pool.
 */
import { createVerifier } from 'jwt-gate'
import { createTestIssuer, type TestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { ACCEPTED, NOW, now, sayOf } from './setup.ts'

test.each(['RS256', 'ES256', 'ES384'] as const)(
  'the new key of %s verifies no signature but its own',
  async (alg) => {
    const [before, after, evil] = (await Promise.all(
      [0, 1, 2].map(() => createTestIssuer({ algorithms: [alg] })),
    )) as [TestIssuer, TestIssuer, TestIssuer]
    const { kid } = before.keyFor(alg)
    const state = { keys: before }
    const fetch = async () => Response.json({ keys: [{ ...state.keys.keyFor(alg).jwk, kid }] })
    const { issuer, jwksUri } = before
    const create = () =>
      createVerifier({ issuer, audience: 'api', jwksUri }, { now, fetch: fetch as never })
    const claims = { iss: issuer, aud: 'api', exp: NOW + 3_600 }
    const mint = (from: TestIssuer) =>
      from.token(claims, { key: from.keyFor(alg), header: { kid } })
    const good = await mint(after)
    const unsigned = good.replace(/[^.]+$/, (signature) => 'A'.repeat(signature.length))

    for (const forged of [unsigned, await mint(evil)]) {
      state.keys = before
      const verifier = create()
      expect(await sayOf(async () => verifier.verify(await mint(before)))).toBe(ACCEPTED)
      state.keys = after

      expect(await sayOf(() => verifier.verify(forged))).toMatch(/^ERR_TOKEN_SIGNATURE/)
      expect(await sayOf(() => verifier.verify(good))).toBe(ACCEPTED)
    }
  },
)
