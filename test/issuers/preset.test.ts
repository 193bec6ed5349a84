/**
 * What all presets share: options, schemas, and types.
 */
import { createVerifier, type JwtClaims, TokenError } from 'jwt-gate'
import { auth0, entra, firebase, githubActions, google, keycloak, okta } from 'jwt-gate/issuers'
import { createTestIssuer } from 'jwt-gate/testing'
import { expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'

const now = (): number => 1_795_000_000_000
const kit = await createTestIssuer({ now })
const jwks = kit.jwks
const options = { domain: 'tenant.eu.auth0.com', audience: 'https://api.example.com', jwks }
const claims = {
  ...{
    iss: 'https://tenant.eu.auth0.com/',
    aud: 'https://api.example.com',
    sub: 'auth0|1',
    azp: 'a',
  },
  ...{ iat: 1_794_999_000, exp: 1_795_001_000, plan: 'gold' },
}
const schema = z.object({ sub: z.string(), plan: z.enum(['gold', 'silver']) })

test('a schema of the user runs after the rule of the preset, and types the claims', async () => {
  const verifier = createVerifier(auth0({ ...options, claims: schema }), { now })
  const verified = await verifier.verify(await kit.token(claims))
  const idToken = await kit.token({ ...claims, azp: undefined, plan: 'bronze' })

  expectTypeOf(verified.claims.plan).toEqualTypeOf<'gold' | 'silver'>()
  expect(verified.claims).toEqual({ sub: 'auth0|1', plan: 'gold' })
  await expect(verifier.verify(idToken)).rejects.toMatchObject({ code: 'ERR_CLAIM_TOKEN_USE' })
  await expect(verifier.verify(await kit.token({ ...claims, plan: 'x' }))).rejects.toMatchObject({
    code: 'ERR_TOKEN_CHECK',
    claim: 'plan',
  })
})

test('an asynchronous schema works, and one that is none is a ConfigError', async () => {
  const standard = {
    version: 1 as const,
    vendor: 'test',
    validate: async (value: unknown) => ({ value }),
  }
  const verifier = createVerifier(
    auth0({ ...options, claims: { '~standard': standard } as never }),
    { now },
  )

  await expect(verifier.verify(await kit.token(claims))).resolves.toHaveProperty(
    'claims.plan',
    'gold',
  )
  expect(() => createVerifier(auth0({ ...options, claims: {} as never }))).toThrow('"claims"')
})

test('a token passes from the cache, and without I/O, as it passed before', async () => {
  const verifier = createVerifier(auth0(options), { now })
  const token = await kit.token(claims)
  const all = [
    await verifier.verify(token),
    await verifier.verify(token),
    verifier.verifySync(token),
  ]

  for (const one of all) expect(one.claims).toEqual(claims)
})

test('required claims and an age are passed on', async () => {
  const strict = createVerifier(
    auth0({ ...options, requiredClaims: ['org_id'], maxTokenAgeSeconds: 60 }),
    { now },
  )

  await expect(strict.verify(await kit.token(claims))).rejects.toMatchObject({ claim: 'org_id' })
  await expect(strict.verify(await kit.token({ ...claims, org_id: 'o' }))).rejects.toMatchObject({
    code: 'ERR_TOKEN_TOO_OLD',
  })
})

test('options are read once, from the object itself', () => {
  class Options {
    audience = 'https://api.example.com'
    get domain() {
      return 'tenant.eu.auth0.com'
    }
  }

  expect(() => auth0(new Options())).toThrow('"domain" of auth0() is inherited')
  expect(() => auth0(undefined as never)).toThrow('"options" of auth0() must be an object')
  expect(() => auth0({ ...options, issuer: 'x' } as never)).toThrow(
    '"issuer" is not an option of auth0()',
  )
})

test('presets can be listed together', () => {
  const tenantId = '11111111-2222-3333-4444-555555555555'
  const all = [
    auth0(options),
    okta({
      domain: 'example.okta.com',
      authorizationServerId: 'default',
      audience: 'api://default',
    }),
    keycloak({ url: 'https://sso.example.com', realm: 'shop', audience: 'api' }),
    entra({ tenantId, audience: tenantId }),
    google({ clientId: 'c' }),
    firebase({ projectId: 'shop-1a2b3' }),
    githubActions({ audience: 'a', repository: 'a/b' }),
  ]

  expect(() => createVerifier(all)).not.toThrow()
})

test('the claims have types', () => {
  const tenantId = '11111111-2222-3333-4444-555555555555'
  const of = <Claims>(verifier: { verifySync: (token: string) => { claims: Claims } }) => verifier
  const version = '1.0'
  const any = of(createVerifier(entra({ tenantId: 'any', audience: tenantId })))
  const one = of(createVerifier(entra({ tenantId, audience: tenantId, version })))

  expectTypeOf<ReturnType<typeof any.verifySync>['claims']['azp']>().toEqualTypeOf<string>()
  expectTypeOf<ReturnType<typeof one.verifySync>['claims']['appid']>().toEqualTypeOf<string>()
  expectTypeOf<ReturnType<typeof one.verifySync>['claims']['custom']>().toEqualTypeOf<unknown>()
  expectTypeOf<ReturnType<typeof one.verifySync>['claims']>().toExtend<JwtClaims>()
})

test('a rejection contains nothing of the token', async () => {
  const verifier = createVerifier(googleWith(['example.com']), { now })
  const token = await kit.token({
    ...claims,
    iss: 'accounts.google.com',
    aud: 'c',
    hd: 'secret.example',
  })
  const error = await verifier.verify(token).catch((reason: unknown) => reason)

  expect(error).toBeInstanceOf(TokenError)
  expect(JSON.stringify(error)).not.toContain('secret')
})

function googleWith(hostedDomain: string[]) {
  return google({ clientId: 'c', hostedDomain, jwks })
}
