/**
 * What is cached for issuers that a function returns: for how long, until which change, and under which name.
 */
import type { ResolvedIssuer, StandardSchemaV1, TrustedIssuer } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { isAvailable } from '../../../src/verify/algorithms.ts'
import { encode, split } from '../support/raw-token.ts'
import { setUp, tenant } from '../support/resolver.ts'

const LONGEST = `https://${'a'.repeat(2_048 - 'https://'.length)}`
const MINUTE = 60_000
const acme = await createTestIssuer()
const UNKNOWN = { code: 'ERR_CLAIM_ISSUER', claim: 'iss', reason: 'mismatch' }
const ID = { ...tenant(acme), tokenUse: 'id' } as const
const ACCESS = { ...tenant(acme), tokenUse: 'access' } as const

const schemaOf = (accepts: boolean): StandardSchemaV1 => ({
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) => (accepts ? { value } : { issues: [{ message: 'no' }] }),
  },
})

describe('the result of the function', () => {
  test('is cached even if it is synchronous', async () => {
    const { verifier, asked } = setUp(() => tenant(acme))
    const token = await acme.accessToken()

    await verifier.verify(token)
    verifier.verifySync(token)

    expect(asked).toEqual([acme.issuer])
  })

  test('is not used after the clock has gone back', async () => {
    const { verifier, asked, clock } = setUp(async () => tenant(acme))
    const token = await acme.accessToken()
    await verifier.verify(token)

    clock.advance(-1)
    await verifier.verify(token)

    expect(asked).toHaveLength(2)
  })

  test('is not replaced by an older one after the clock has gone back', async () => {
    let answer: ResolvedIssuer
    const { verifier, clock } = setUp(async () => answer)
    const token = await acme.accessToken()
    await verifier.verify(token).catch(() => undefined)
    answer = tenant(acme)
    clock.advance(10_000)
    await verifier.verify(token)

    clock.advance(-3_000)

    await expect(verifier.verify(token)).resolves.toMatchObject({ issuer: acme.issuer })
  })

  test.each<[string, Partial<TrustedIssuer>, string]>([
    ['another audience', { audience: 'another' }, 'ERR_CLAIM_AUDIENCE'],
    ['another client', { clientId: 'another' }, 'ERR_CLAIM_CLIENT_ID'],
    ['other algorithms', { algorithms: ['ES256'] }, 'ERR_TOKEN_ALGORITHM'],
    ['another schema', { claims: schemaOf(false) }, 'ERR_TOKEN_CHECK'],
  ])('takes effect if it has %s', async (_, change, code) => {
    const before = { audience: 'api', clientId: 'app', algorithms: ['RS256'] as const }
    const { issuer, jwksUri } = acme
    let answer: TrustedIssuer = { issuer, jwksUri, ...before, claims: schemaOf(true) }
    const { verifier, clock } = setUp(async () => answer, { fetch: acme.fetch })
    const token = await acme.token({ iss: acme.issuer, exp: 4e9, aud: 'api', client_id: 'app' })
    await verifier.verify(token)

    answer = { ...answer, ...change }
    clock.advance(MINUTE)

    await expect(verifier.verify(token)).rejects.toMatchObject({ code })
  })

  test('may have a schema that refers to itself', async () => {
    const schema = Object.assign(schemaOf(true), { self: {} })
    schema.self = schema
    const { verifier, clock } = setUp(async () => tenant(acme, { claims: schema }))
    const token = await acme.accessToken()
    await verifier.verify(token)

    clock.advance(MINUTE)

    await expect(verifier.verify(token)).resolves.toMatchObject({ issuer: acme.issuer })
  })

  test('takes effect if it has another schema for one of two kinds of token', async () => {
    const access = { ...ACCESS, claims: schemaOf(true) }
    let answer: ResolvedIssuer = [access, { ...ID, claims: schemaOf(true) }]
    const { verifier, clock } = setUp(async () => answer)
    const token = await acme.idToken()
    await verifier.verify(token)

    answer = [access, { ...ID, claims: schemaOf(false) }]
    clock.advance(MINUTE)

    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'ERR_TOKEN_CHECK' })
  })

  test('may have one kind of token less than before', async () => {
    let answer: ResolvedIssuer = [ACCESS, ID]
    const { verifier, clock } = setUp(async () => answer)
    const token = await acme.accessToken()
    await verifier.verify(token)

    answer = [ACCESS]
    clock.advance(MINUTE)

    await expect(verifier.verify(token)).resolves.toMatchObject({ issuer: acme.issuer })
    await expect(verifier.verify(await acme.idToken())).rejects.toMatchObject({
      code: 'ERR_CLAIM_TOKEN_USE',
    })
  })

  test.each([
    ['null', null],
    ['undefined', undefined],
  ])('means that the issuer is unknown if it is %s', async (_, answer) => {
    const { verifier } = setUp(async () => answer as ResolvedIssuer)

    await expect(verifier.verify(await acme.accessToken())).rejects.toMatchObject(UNKNOWN)
  })

  test.each([[undefined], [null]])('cannot be a list of %j', async (entry) => {
    const { verifier } = setUp(async () => [entry] as never)

    await expect(verifier.verify(await acme.accessToken())).rejects.toMatchObject({
      code: 'ERR_CONFIG_INVALID',
    })
  })
})

describe('issuer names', async () => {
  const find = async (issuer: string) => (issuer === LONGEST ? tenant(acme, { issuer }) : undefined)
  const longest = await acme.token({ iss: LONGEST, exp: 4e9 })

  test('may have 2048 characters', async () => {
    const { verifier } = setUp(find)

    await expect(verifier.verify(longest)).resolves.toMatchObject({ issuer: LONGEST })
  })

  test('that are unknown do not affect each other', async () => {
    const { verifier } = setUp(find)
    await expect(verifier.verify(await acme.accessToken())).rejects.toMatchObject(UNKNOWN)

    await expect(verifier.verify(longest)).resolves.toMatchObject({ issuer: LONGEST })
  })
})

test('the function is not called for a token with an algorithm that this version of Node does not support', async ({
  skip,
}) => {
  skip(isAvailable('ML-DSA-44'), 'this version of Node has ML-DSA')
  const { verifier, asked } = setUp(async () => tenant(acme))
  const [, payload, signature] = split(await acme.accessToken())

  const work = verifier.verify(`${encode('{"alg":"ML-DSA-44"}')}.${payload}.${signature}`)

  await expect(work).rejects.toMatchObject({ code: 'ERR_TOKEN_ALGORITHM' })
  expect(asked).toEqual([])
})
