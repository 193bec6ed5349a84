/**
 * If a user's check or schema returns a thenable that resolves with itself, JavaScript would follow it in microtasks forever, and
 * no other request would be served.
 */
import { createVerifier, type StandardSchemaV1 } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { ACCEPTED, claimsOf, now, sayOf, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const token = await issuer.token(claimsOf(issuer))

type Then = (resolve: (value: unknown) => void) => void
const toThenable = (then: Then) => ({ then })
function circle(): PromiseLike<never> {
  const one: object = toThenable((resolve) => resolve(one))
  return one as PromiseLike<never>
}
const schemaOf = (validate: () => unknown) =>
  ({ '~standard': { version: 1, vendor: 'test', validate } }) as StandardSchemaV1

test('a check that resolves with itself is reported as a mistake of the developer', async () => {
  const verifier = createVerifier(trust(issuer), { now, check: () => circle() as never })

  expect(await sayOf(() => verifier.verify(token))).toBe('ERR_CONFIG_INVALID')
})

test('so is a schema that resolves with itself', async () => {
  const verifier = createVerifier({ ...trust(issuer), claims: schemaOf(circle) }, { now })

  expect(await sayOf(() => verifier.verify(token))).toBe('ERR_CONFIG_INVALID')
})

test('the control: thenables that settle are accepted', async () => {
  const claims = schemaOf(() => toThenable((resolve) => resolve({ value: { sub: 'alice' } })))
  const check = () => toThenable((resolve) => resolve(undefined)) as never
  const verifier = createVerifier({ ...trust(issuer), claims }, { now, check })

  expect(await sayOf(() => verifier.verify(token))).toBe(ACCEPTED)
})
