/**
 * The signature of a proof is verified beside that of its token, which saves time. Until the token is verified, anybody can have sent
 * both, so this is only done for a key that the token names, and that costs little.
 */
import type { Algorithm, Presented } from 'jwt-gate'
import { describe, expect, test } from 'vitest'
import { SignaturePool } from '../../../src/verify/keys/signature-pool.ts'
import { Binding } from '../../../src/verify/proof/binding.ts'
import { type BindingSettings, readBinding } from '../../../src/verify/proof/binding-settings.ts'
import { presentProof } from '../support/bound.ts'
import { createDpopClient } from '../support/dpop-client.ts'

const TOKEN = 'the.token.itself'
const dpop = { replay: { claim: () => true } }
const client = await createDpopClient(() => 1_800_000_000)
const proof = await client.prove(TOKEN)

function start(
  presented: Presented | undefined,
  { isSync = false, cnf = client.cnf as unknown, mtls = false } = {},
) {
  const settings = readBinding(mtls ? undefined : dpop, mtls) as BindingSettings
  const clock = { now: Date.now, clockToleranceSeconds: 5 }
  const binding = new Binding(settings, new SignaturePool(4), clock)
  const call = { compact: TOKEN, cacheKey: undefined, presented, isSync }
  return binding.start(cnf === null ? {} : { cnf }, call)
}

test('the signature is verified early', async () => {
  await expect(start(presentProof(proof))?.isSigned).resolves.toBe(true)
  const forged = `${proof.slice(0, -8)}AAAAAAAA`
  await expect(start(presentProof(forged))?.isSigned).resolves.toBe(false)
})

describe('it is not verified early', () => {
  test.each<[string, Presented | undefined, Parameters<typeof start>[1]?]>([
    ['for a caller that cannot wait', presentProof(proof), { isSync: true }],
    ['without a proof', presentProof(undefined)],
    ['if nothing was presented', undefined],
    ['for a token that is not bound', presentProof(proof), { cnf: null }],
    ['for a token that is bound to something else', presentProof(proof), { cnf: { jkt: 1 } }],
    ['for the key of another client', presentProof(proof), { cnf: { jkt: 'x'.repeat(43) } }],
    ['without "dpop"', presentProof(proof), { mtls: true }],
    ['if the proof is no proof', presentProof('x')],
  ])('%s', (_, presented, options) => {
    expect(start(presented, options)).toBeUndefined()
  })

  test.each<[Algorithm, boolean]>([
    ['ES384', false],
    ['ES512', false],
    ['EdDSA', true],
    ['RS256', false],
  ])('if the key is expensive, or is not for the thread pool: %s', async (alg, isEarly) => {
    const other = await createDpopClient(() => 1_800_000_000, alg)
    const presented = presentProof(await other.prove(TOKEN))

    expect(start(presented, { cnf: other.cnf }) !== undefined).toBe(isEarly)
  })
})
