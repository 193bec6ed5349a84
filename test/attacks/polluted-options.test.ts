/**
 * Options are what a developer has written. A member that another library, or an attacker, has put on `Object.prototype` must not
 * disable a check (CWE-1321).
 */
import { cognito, createVerifier, type VerifierOptions } from 'jwt-gate'
import { cookieToken, requireJwt } from 'jwt-gate/express'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { ACCEPTED, claimsOf, NOW, now, sayOf, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const { userPoolId, clientId } = issuer
const good = await issuer.token(claimsOf(issuer))
/** Expired by any real clock. */
const old = await issuer.token({ ...claimsOf(issuer), exp: 1_000_000_000 })

/** Runs a function while every object inherits this member. */
async function pollute<T>(name: string, value: unknown, work: () => T | Promise<T>): Promise<T> {
  Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true })
  try {
    return await work()
  } finally {
    delete (Object.prototype as Record<string, unknown>)[name]
  }
}

const config = expect.objectContaining({ code: 'ERR_CONFIG_INVALID' })

test('no audience is read from Object.prototype', async () => {
  const { audience: _, ...rest } = trust(issuer)

  await pollute('audience', null, () => {
    expect(() => createVerifier(rest as never)).toThrow(config)
  })
})

test.each([
  ['clientId', { userPoolId, tokenUse: 'access' }],
  ['tokenUse', { userPoolId, clientId }],
])('cognito() without "%s" reads none from Object.prototype', async (name, options) => {
  await pollute(name, null, () => expect(() => cognito(options as never)).toThrow(config))
})

test.each<[string, unknown]>([
  ['now', () => 0],
  ['clockToleranceSeconds', 599],
  ['check', () => undefined],
  ['maxTokenAgeSeconds', 1e9],
  ['tokenType', null],
  ['algorithms', ['ES256']],
  ['requiredClaims', ['made-up']],
])('a verifier reads no "%s" from Object.prototype', async (name, value) => {
  const options: VerifierOptions = name === 'now' ? {} : { now }
  const verifier = await pollute(name, value, () => createVerifier(trust(issuer), options))

  const said = await sayOf(() => verifier.verify(name === 'now' ? old : good))

  expect(said).toBe(name === 'now' ? 'ERR_TOKEN_EXPIRED exp' : ACCEPTED)
})

test('the control: an option that is given takes effect', async () => {
  const verifier = createVerifier(trust(issuer), { now: () => (NOW + 10_000) * 1_000 })

  expect(await sayOf(() => verifier.verify(good))).toBe('ERR_TOKEN_EXPIRED exp')
})

test('requireJwt reads neither "optional" nor "getToken" from Object.prototype', async () => {
  const verifier = createVerifier(trust(issuer), { now })
  const guards = [
    await pollute('optional', 'missing-or-invalid', () => requireJwt(verifier)),
    await pollute(
      'getToken',
      () => good,
      () => requireJwt(verifier),
    ),
  ]

  for (const guard of guards) {
    const req = { headers: {}, rawHeaders: [] } as never
    const said = await new Promise((resolve) => guard(req, { locals: {} } as never, resolve))
    expect(said).toMatchObject({ code: 'ERR_TOKEN_MISSING' })
  }
})

test('the check against requests of other sites cannot be disabled', async () => {
  const read = await pollute('csrf', false, () => cookieToken('t'))
  const req = { method: 'POST', headers: { cookie: `t=${good}` }, rawHeaders: [] } as never

  expect(() => read(req)).toThrow(expect.objectContaining({ code: 'ERR_ACCESS_DENIED' }))
})

test.each<[string, unknown]>([
  ['access', { $default: {} }],
  ['policy', 'request'],
  ['response', 'simple'],
  ['unauthorized', 'deny'],
  ['principalId', () => 'admin'],
  ['context', () => ({ role: 'admin' })],
])('an authorizer reads no "%s" from Object.prototype', async (name, value) => {
  const verifier = createVerifier(trust(issuer), { now })
  const event = createAuthorizerEvent('http-2.0', { token: good })
  const usual = await createAuthorizer(verifier)(event)

  const handler = await pollute(name, value, () => createAuthorizer(verifier))

  expect(await handler(event)).toEqual(usual)
})
