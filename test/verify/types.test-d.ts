/**
 * The types that users see. Everything unknown is `unknown`, and nothing public is `any`.
 */
import type * as api from 'jwt-gate'
import {
  type AnyJwtGateError,
  authorize,
  type ClaimsOf,
  type CognitoAccessClaims,
  type CognitoIdClaims,
  cognito,
  createVerifier,
  isJwtGateError,
  type JwtClaims,
  type JwtGateErrorCode,
  type JwtHeader,
  type StandardSchemaV1,
  type TrustedIssuer,
  type VerifiedToken,
  type Verifier,
  type VerifierOptions,
} from 'jwt-gate'
import { assertType, describe, expectTypeOf, test } from 'vitest'
import { z } from 'zod'

const pool = { userPoolId: 'eu-west-1_Example', clientId: 'app' } as const
const plain = { issuer: 'https://idp.example', audience: 'api' } as const
const schema = z.object({ tenant: z.string(), level: z.string().transform(Number) })
type Made = { tenant: string; level: number }

describe('the claims of a verifier', () => {
  test('for a plain issuer are JwtClaims', () => {
    const verifier = createVerifier(plain)

    expectTypeOf(verifier).toEqualTypeOf<Verifier<JwtClaims>>()
    expectTypeOf(verifier.verify).returns.resolves.toEqualTypeOf<VerifiedToken<JwtClaims>>()
    expectTypeOf(verifier.verifySync).returns.toEqualTypeOf<VerifiedToken<JwtClaims>>()
    expectTypeOf(createVerifier([plain])).toEqualTypeOf<Verifier<JwtClaims>>()
  })

  test('for an issuer whose type is no more than TrustedIssuer are JwtClaims', () => {
    expectTypeOf(createVerifier(plain as TrustedIssuer)).toEqualTypeOf<Verifier<JwtClaims>>()
  })

  test('for cognito() depend on tokenUse', () => {
    const access = createVerifier(cognito({ ...pool, tokenUse: 'access' }))
    const id = createVerifier(cognito({ ...pool, tokenUse: 'id' }))
    const both = createVerifier(cognito({ ...pool, tokenUse: null }))

    expectTypeOf(access).toEqualTypeOf<Verifier<CognitoAccessClaims>>()
    expectTypeOf(id).toEqualTypeOf<Verifier<CognitoIdClaims>>()
    expectTypeOf(both).toEqualTypeOf<Verifier<CognitoAccessClaims | CognitoIdClaims>>()
  })

  test('of both kinds are distinguished by token_use', () => {
    const { verifySync } = createVerifier(cognito({ ...pool, tokenUse: null }))
    const { claims } = verifySync('')

    if (claims.token_use === 'id') expectTypeOf(claims).toEqualTypeOf<CognitoIdClaims>()
    else expectTypeOf(claims).toEqualTypeOf<CognitoAccessClaims>()
  })

  test('with a schema are the result of the schema', () => {
    const verifier = createVerifier({ ...plain, claims: schema })

    expectTypeOf(verifier).toEqualTypeOf<Verifier<Made>>()
  })

  test('of an issuer that a function finds are those of its result', () => {
    const tenants = createVerifier(async (issuer) => ({ ...plain, issuer, claims: schema }))
    const pools = createVerifier((issuer) => {
      expectTypeOf(issuer).toEqualTypeOf<string>()
      if (issuer === '') return undefined
      return cognito({ userPoolId: 'eu-west-1_Example', clientId: null, tokenUse: 'access' })
    })

    expectTypeOf(tenants).toEqualTypeOf<Verifier<{ tenant: string; level: number }>>()
    expectTypeOf(pools).toEqualTypeOf<Verifier<CognitoAccessClaims>>()
  })

  test('of a pool with a schema are the result of the schema', () => {
    for (const tokenUse of ['access', 'id', null] as const) {
      const verifier = createVerifier(cognito({ ...pool, tokenUse, claims: schema }))

      expectTypeOf(verifier).toEqualTypeOf<Verifier<Made>>()
    }
    const options = { requiredClaims: ['a'], maxTokenAgeSeconds: 1, groupsClaim: 'roles' }
    const plainPool = createVerifier(cognito({ ...pool, tokenUse: 'id', ...options }))
    const handMade = {} as StandardSchemaV1<unknown, { a: 1 }>
    const pools = [
      cognito({ ...pool, tokenUse: 'access', claims: handMade }),
      cognito({ ...pool, tokenUse: 'id' }),
    ] as const

    expectTypeOf(plainPool).toEqualTypeOf<Verifier<CognitoIdClaims>>()
    expectTypeOf(createVerifier(pools)).toEqualTypeOf<Verifier<{ a: 1 } | CognitoIdClaims>>()
  })

  test('with a hand-written schema are its output', () => {
    const handMade = {} as StandardSchemaV1<unknown, { a: 1 }>

    expectTypeOf(createVerifier({ ...plain, claims: handMade })).toEqualTypeOf<Verifier<{ a: 1 }>>()
  })

  test('for several issuers are those of any of them', () => {
    const verifier = createVerifier([
      cognito({ ...pool, tokenUse: 'access' }),
      { ...plain, claims: schema },
      plain,
    ])

    expectTypeOf(verifier).toEqualTypeOf<Verifier<CognitoAccessClaims | Made | JwtClaims>>()
  })

  test('for two pools are one type', () => {
    const verifier = createVerifier([
      cognito({ ...pool, tokenUse: 'access' }),
      cognito({ ...pool, userPoolId: 'eu-west-1_Other', tokenUse: 'access' }),
    ])

    expectTypeOf(verifier).toEqualTypeOf<Verifier<CognitoAccessClaims>>()
  })
})

test('authorize() takes a verified token or claims, and no promise of them', () => {
  const { verify, verifySync } = createVerifier(cognito({ ...pool, tokenUse: 'access' }))
  const claims = {} as CognitoAccessClaims

  authorize(verifySync(''), { check: (verified) => verified.claims.username === 'alice' })
  authorize(claims, { scopes: ['a'] })
  authorize({} as JwtClaims, { groups: ['a'] })
  authorize({} as Partial<CognitoIdClaims>, { claims: { tenant: ['a', 1, true] } })
  // @ts-expect-error: not awaited
  authorize(verify(''), { scopes: ['a'] })
  // @ts-expect-error: a token
  authorize('token', { scopes: ['a'] })
  // @ts-expect-error: no scalar
  authorize(claims, { claims: { tenant: null } })
})

describe('claims', () => {
  test('that are known have their type', () => {
    expectTypeOf<JwtClaims['iss']>().toEqualTypeOf<string>()
    expectTypeOf<JwtClaims['exp']>().toEqualTypeOf<number>()
    expectTypeOf<JwtClaims['sub']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<JwtClaims['aud']>().toEqualTypeOf<string | readonly string[] | undefined>()
    expectTypeOf<CognitoAccessClaims['client_id']>().toEqualTypeOf<string>()
    expectTypeOf<CognitoAccessClaims['username']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<CognitoIdClaims['aud']>().toEqualTypeOf<string>()
    expectTypeOf<CognitoIdClaims['cognito:groups']>().toEqualTypeOf<readonly string[] | undefined>()
  })

  test('that are not known are unknown', () => {
    expectTypeOf<JwtClaims['tenant']>().toBeUnknown()
    expectTypeOf<CognitoAccessClaims['tenant']>().toBeUnknown()
    expectTypeOf<CognitoIdClaims['custom:tenant']>().toBeUnknown()
    expectTypeOf<JwtHeader['x']>().toBeUnknown()
  })

  test('cannot be written', () => {
    const { claims } = createVerifier(plain).verifySync('')

    // @ts-expect-error read-only
    claims.sub = 'admin'
    // @ts-expect-error read-only
    claims['tenant'] = 'acme'
  })
})

describe('options', () => {
  test('check gets the claims of the verifier', () => {
    createVerifier(cognito({ ...pool, tokenUse: 'access' }), {
      check: ({ claims }) => void expectTypeOf(claims).toEqualTypeOf<CognitoAccessClaims>(),
    })
    createVerifier(
      { ...plain, claims: schema },
      { check: async ({ claims }) => void expectTypeOf(claims.level).toEqualTypeOf<number>() },
    )
    createVerifier(plain, {
      check: ({ claims }) => void expectTypeOf(claims['tenant']).toBeUnknown(),
    })
  })

  test('an access rule gets the claims of the token', () => {
    const verified = {} as VerifiedToken<CognitoIdClaims>

    authorize(verified, { check: ({ claims }) => claims.email_verified === true })
    // @ts-expect-error a rule answers at once
    authorize(verified, { check: async () => true })
  })

  test('the unsafe choice has to be explicit', () => {
    // @ts-expect-error audience is missing
    createVerifier({ issuer: 'https://idp.example' })
    // @ts-expect-error clientId is missing
    cognito({ userPoolId: 'eu-west-1_Example', tokenUse: 'access' })
    // @ts-expect-error tokenUse is missing
    cognito({ ...pool })
    // @ts-expect-error symmetric algorithms do not exist
    createVerifier({ ...plain, algorithms: ['HS256'] })
    // @ts-expect-error misspelt
    createVerifier(plain, { clockTolerance: 5 })
  })

  test('lists may be read-only', () => {
    assertType<TrustedIssuer>({
      issuer: '',
      audience: ['a', 'b'] as const,
      algorithms: ['RS256'] as const,
    })
    assertType<VerifierOptions>({ fetch: globalThis.fetch, now: Date.now, tokenCache: false })
  })
})

describe('errors', () => {
  test('are narrowed by their code', () => {
    const error = {} as AnyJwtGateError

    if (error.code === 'ERR_JWKS_UNAVAILABLE') {
      expectTypeOf(error.retryAfterSeconds).toEqualTypeOf<number>()
    }
    if (error.code === 'ERR_ACCESS_SCOPE') {
      expectTypeOf(error.scopes).toEqualTypeOf<readonly string[] | undefined>()
    }
    expectTypeOf(error.code).toEqualTypeOf<JwtGateErrorCode>()
  })

  test('can be recognized in a catch block', () => {
    const caught: unknown = undefined

    if (isJwtGateError(caught)) expectTypeOf(caught).toEqualTypeOf<AnyJwtGateError>()
  })
})

test('nothing public is any', () => {
  type Values = (typeof api)[keyof typeof api]
  expectTypeOf<Values>().not.toBeAny()
  expectTypeOf<ClaimsOf<TrustedIssuer>>().not.toBeAny()
  expectTypeOf<ClaimsOf<ReturnType<typeof cognito>>>().not.toBeAny()
  expectTypeOf<Parameters<Verifier['verify']>>().toEqualTypeOf<
    [token: string, presented?: api.Presented | undefined]
  >()
  expectTypeOf<api.VerifierEvent>().not.toBeAny()
  expectTypeOf<api.JwksFailedEvent['error']>().toEqualTypeOf<api.KeysError>()
  expectTypeOf<api.JsonWebKey['x']>().toBeUnknown()
  expectTypeOf<api.StandardSchemaIssue>().not.toBeAny()
  expectTypeOf<api.AccessRule>().not.toBeAny()
  expectTypeOf<AnyJwtGateError['cause']>().toBeUnknown()
})
