/**
 * The second argument of `verify` and `verifySync` is what a request presents. Users of other libraries pass conditions there: to
 * ignore them would turn off checks.
 */
import { createVerifier, type Presented } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'

const issuer = await createTestIssuer()
const token = await issuer.accessToken()
const verifier = createVerifier({ issuer: issuer.issuer, audience: null, jwks: issuer.jwks })

const CONDITIONS: [string, unknown][] = [
  ['audience', { audience: 'x' }],
  ['issuer', { issuer: 'x', scheme: 'Bearer' }],
  ['clockTolerance', { scheme: 'Bearer', clockTolerance: 5 }],
  ['audience', Object.defineProperty({}, 'audience', { value: 'x' })],
  ['__proto__', JSON.parse('{"__proto__":{}}')],
  ['length', () => undefined],
]

describe.each(CONDITIONS)('an unknown member, "%s"', (name, presented) => {
  const refused = expect.objectContaining({
    code: 'ERR_CONFIG_INVALID',
    message: expect.stringContaining(
      `"${name}" is not an option of verify(), which has: scheme, proof, request, certificate`,
    ),
  })

  test('is rejected by verify', async () => {
    await expect(verifier.verify(token, presented as Presented)).rejects.toEqual(refused)
  })

  test('is rejected by verifySync', () => {
    expect(() => verifier.verifySync(token, presented as Presented)).toThrow(refused)
  })
})

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['the index that map() passes', 1],
  ['an empty object', {}],
  [
    'all members',
    { scheme: 'Bearer', proof: 'x', request: { method: 'GET', url: '' }, certificate: '' },
  ],
  [
    'a request with more members',
    { scheme: 'Bearer', request: { method: 'GET', url: '', body: 1 } },
  ],
])('the control: %s is accepted', async (_, presented) => {
  await expect(verifier.verify(token, presented as Presented)).resolves.toBeDefined()
  expect(verifier.verifySync(token, presented as Presented)).toBeDefined()
})

test('no member is read, because a certificate is expensive', async () => {
  const presented = {
    scheme: 'Bearer',
    get certificate(): string {
      throw new Error('read')
    },
  }

  await expect(verifier.verify(token, presented)).resolves.toBeDefined()
})
