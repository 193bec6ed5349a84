/**
 * Forged proofs for the tokens of one issuer cannot lock out the clients of another (CWE-400). The tests compare the order of
 * events.
 */
import { createVerifier } from 'jwt-gate'
import { createTestIssuer, type TestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { newStore, presentProof } from '../verify/support/bound.ts'
import { createClock } from '../verify/support/clock.ts'
import { createDpopClient } from '../verify/support/dpop-client.ts'
import { ACCEPTED, sayOf } from './setup.ts'

const clock = createClock()
const { now } = clock
const [flooded, other] = (await Promise.all(
  ['eu-west-1_One', 'eu-west-1_Two'].map((userPoolId) => createTestIssuer({ now, userPoolId })),
)) as [TestIssuer, TestIssuer]
const client = await createDpopClient(clock.seconds)

test('a good proof waits for its turn, not for the forged ones that came after it', async () => {
  const trusted = [flooded, other].map(({ issuer, jwks }) => ({ issuer, audience: null, jwks }))
  const verifier = createVerifier(trusted, { now, dpop: { replay: newStore(clock) } })
  const stolen = await flooded.accessToken({ cnf: client.cnf })
  const token = await other.accessToken({ cnf: client.cnf })
  const proof = await client.prove(token)
  const forged = Array.from({ length: 400 }, (_, at) => `${proof.slice(0, -8)}${1_000 + at}AAAA`)
  let refused = 0
  const flood = (proofs: readonly string[]) =>
    proofs.map(async (one) => {
      await sayOf(() => verifier.verify(stolen, presentProof(one)))
      refused++
    })

  const before = flood(forged.slice(0, 50))
  const good = sayOf(() => verifier.verify(token, presentProof(proof)))
  const after = flood(forged.slice(50))

  expect(await good).toBe(ACCEPTED)
  expect(refused).toBeLessThan(150)
  await Promise.all([...before, ...after])
})
