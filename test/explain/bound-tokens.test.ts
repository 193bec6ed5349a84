/**
 * Explanations of bound and of revoked tokens: they get no proof, say what `verify(token)` says, and use up nothing.
 */
import { createVerifier, TokenError, type Verifier, type VerifierOptions } from 'jwt-gate'
import { explain, explainer } from 'jwt-gate/explain'
import { createRevocations, memoryRevocationStore } from 'jwt-gate/stores'
import { expect, test } from 'vitest'
import { createBound } from '../verify/support/bound.ts'

const bound = await createBound()
const { clock, issuer, token, verifier } = bound
const { now } = clock
const plain = await issuer.accessToken()
const certified = await issuer.accessToken({ cnf: { 'x5t#S256': 'x' } })
const fail = (): never => {
  throw new Error('no claim is made')
}

const create = (options: VerifierOptions): Verifier =>
  createVerifier({ issuer: issuer.issuer, audience: null, jwks: issuer.jwks }, { now, ...options })

const revocations = createRevocations({
  store: memoryRevocationStore({ now }),
  whenStale: 'refuse',
  now,
})
await revocations.revoke({
  issuer: issuer.issuer,
  client_id: issuer.clientId,
  until: clock.seconds() + 9_000,
})
const dpop = { replay: { claim: fail } }

test.each<[string, Verifier, string, string | undefined, string, string]>([
  [
    'with "dpop"',
    verifier,
    token,
    'ERR_PROOF_MISSING',
    'binding',
    'no proof of this key was presented',
  ],
  [
    'with "dpop.required", and not bound',
    create({ dpop: { ...dpop, required: true } }),
    plain,
    'ERR_CLAIM_MISSING',
    'binding',
    'not bound to a DPoP key',
  ],
  [
    'with "mtls"',
    create({ mtls: true }),
    certified,
    'ERR_CERTIFICATE_MISMATCH',
    'binding',
    'none was presented',
  ],
  [
    'bound in another way',
    create({ mtls: true }),
    token,
    'ERR_TOKEN_UNSUPPORTED',
    'cnf',
    'bound to a key of its client',
  ],
  ['revoked', create({ revocations }), plain, 'ERR_TOKEN_REVOKED', 'revocation', 'revoked'],
  [
    'revoked and bound',
    create({ revocations, dpop }),
    token,
    'ERR_TOKEN_REVOKED',
    'revocation',
    'revoked',
  ],
])('a token %s', async (_title, one, given, code, check, title) => {
  const { verdict, checks, causes, ...rest } = await explain(one, given)
  const failed = checks.filter(({ outcome }) => outcome === 'failed')

  await expect(one.verify(given)).rejects.toMatchObject({ code })
  expect([verdict, rest.code]).toEqual(['refused', code])
  expect(failed.map(({ name }) => name)).toEqual([check])
  expect(causes[0]?.title).toContain(title)
})

test('a token that is not bound passes each step', async () => {
  const one = create({ dpop, mtls: true, check: () => undefined })
  const { verdict, checks } = await explain(one, plain)
  const outcomes = Object.fromEntries(checks.map(({ name, outcome }) => [name, outcome]))

  expect(verdict).toBe('accepted')
  expect(outcomes).toMatchObject({ cnf: 'passed', binding: 'passed', check: 'passed' })
})

test('a proof of another key has another cause than one for another request', async () => {
  const printed: string[] = []
  const stream = { write: (text: string) => void printed.push(text) }
  const print = explainer(create({ dpop }), { env: {}, color: false, stream })

  for (const reason of ['jkt', 'htu', 'htm'] as const) {
    await print({ error: new TokenError('ERR_PROOF_INVALID', { reason }), token })
  }

  expect(printed.map((text) => /^1\. (.+)\n {3}(.+)$/m.exec(text)?.slice(1))).toEqual([
    [
      'The proof is of another key than the token is bound to',
      expect.stringContaining('Whoever has only copied the token does not have this key'),
    ],
    ['The proof is not good for this request', expect.stringContaining('"origin"')],
    ['The proof is not good for this request', expect.stringContaining('What failed: htm')],
  ])
})
