/**
 * An inherited option is no own property, and is not read. Ignoring it silently would disable the check that it stands for. So it
 * is rejected, for developers who build rules with classes.
 */
import { authorize, createVerifier } from 'jwt-gate'
import { requireAccess } from 'jwt-gate/express'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { ACCEPTED, claimsOf, now, sayOf, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createVerifier(trust(issuer), { now })
const verified = await verifier.verify(await issuer.token(claimsOf(issuer)))

class AdminRule {
  get groups() {
    return ['admin']
  }
}

class Tenant {
  issuer = issuer.issuer
  audience = 'api'
  jwks = issuer.jwks
  get clientId() {
    return 'web'
  }
}

class Options {
  now = now
  get check() {
    return () => {
      throw new Error('revoked')
    }
  }
}

/** It inherits nothing from Object.prototype. */
const bare = Object.assign(Object.create(null), { maxTokenAgeSeconds: 1 })
const derived = Object.assign(Object.create({ tokenUse: 'access' }), trust(issuer))

test.each<[string, string, () => unknown]>([
  ['a rule', 'groups', () => authorize(verified, new AdminRule())],
  ['a rule of a route', 'groups', () => requireAccess(new AdminRule())],
  [
    'a rule of a map',
    'groups',
    () => createAuthorizer(verifier, { access: { $default: new AdminRule() } }),
  ],
  ['an issuer', 'clientId', () => createVerifier(new Tenant(), { now })],
  ['an issuer with a prototype', 'tokenUse', () => createVerifier(derived, { now })],
  [
    'an issuer without Object.prototype',
    'maxTokenAgeSeconds',
    () => createVerifier(Object.assign(Object.create(bare), trust(issuer)), { now }),
  ],
  ['options', 'check', () => createVerifier(trust(issuer), new Options() as never)],
])('rejects %s with an inherited "%s"', (_name, option, make) => {
  expect(make).toThrow(
    expect.objectContaining({
      code: 'ERR_CONFIG_INVALID',
      message: expect.stringMatching(new RegExp(`"${option}".* is inherited`)),
    }),
  )
})

describe('the control', () => {
  class Plain {
    issuer = issuer.issuer
    audience = 'api'
    jwks = issuer.jwks
    /** A method is no option. */
    describe() {
      return this.issuer
    }
  }

  test('accepts an instance of a class with own fields', async () => {
    const token = await issuer.token(claimsOf(issuer))
    const own = createVerifier(new Plain(), { now })

    expect(await sayOf(() => own.verify(token))).toBe(ACCEPTED)
  })
})
