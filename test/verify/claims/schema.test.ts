/**
 * Step 7: the user's schema for the claims, with zod and with hand-written Standard Schemas.
 */
import { authorize, createVerifier, type StandardSchemaV1 } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test, vi } from 'vitest'
import { z } from 'zod'

const issuer = await createTestIssuer()
const base = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }
const REFUSED = { name: 'TokenError', code: 'ERR_TOKEN_CHECK', status: 401 }

/** A schema with this validate function. */
function toSchema(validate: (value: unknown) => unknown): StandardSchemaV1<unknown, object> {
  return { '~standard': { version: 1, vendor: 'test', validate: validate as never } }
}

/** A minimal thenable: its `then` returns nothing. */
const thenable = (result: unknown) => ({
  // biome-ignore lint/suspicious/noThenProperty: the thing under test
  then: (resolve: (value: unknown) => void) => resolve(result),
})

describe('zod', () => {
  const verifier = createVerifier({
    ...base,
    claims: z.object({
      sub: z.string(),
      tenant: z.string().transform((name) => name.toUpperCase()),
      roles: z.array(z.string()).default(['reader']),
    }),
  })

  test('checks and transforms the claims', async () => {
    const token = await issuer.accessToken({ sub: 'alice', tenant: 'acme' })

    const { claims } = await verifier.verify(token)

    expect(claims).toEqual({ sub: 'alice', tenant: 'ACME', roles: ['reader'] })
    expect(verifier.verifySync(token).claims).toEqual(claims)
  })

  test('its result is deeply frozen', async () => {
    const { claims } = await verifier.verify(await issuer.accessToken({ tenant: 'acme' }))

    expect(claims).toSatisfy(Object.isFrozen)
    expect(claims.roles).toSatisfy(Object.isFrozen)
  })

  test('rejects invalid claims, and the error names the claim', async () => {
    const token = await issuer.accessToken({ tenant: 5 })
    const refused = { ...REFUSED, reason: 'schema', claim: 'tenant' }

    await expect(verifier.verify(token)).rejects.toMatchObject(refused)
    expect(() => verifier.verifySync(token)).toThrow(expect.objectContaining(refused))
  })

  test('may be asynchronous', async () => {
    const known = new Set(['acme'])
    const slow = createVerifier({
      ...base,
      claims: z.object({ tenant: z.string().refine(async (name) => known.has(name)) }),
    })

    const good = await slow.verify(await issuer.accessToken({ tenant: 'acme' }))
    const bad = slow.verify(await issuer.accessToken({ tenant: 'other' }))

    expect(good.claims).toEqual({ tenant: 'acme' })
    await expect(bad).rejects.toMatchObject({ ...REFUSED, claim: 'tenant' })
  })
})

describe('the result of a schema', () => {
  const verifyWith = async (validate: (value: unknown) => unknown): Promise<unknown> => {
    const verifier = createVerifier({ ...base, claims: toSchema(validate) })
    return (await verifier.verify(await issuer.accessToken())).claims
  }
  const issue = (path?: readonly unknown[]) => ({ issues: [{ message: 'secret', path }] })

  test.each([
    ['synchronously', (value: unknown) => value],
    ['later', async (value: unknown) => value],
    ['as a thenable', thenable],
  ])('may come %s', async (_, answer) => {
    await expect(verifyWith(() => answer({ value: { a: 1 } }))).resolves.toEqual({ a: 1 })
  })

  test.each([undefined, null, 5, 'a'])('may be %j instead of claims', async (value) => {
    await expect(verifyWith(() => ({ value }))).resolves.toBe(value)
  })

  test('may include dates and other objects, which are not changed', async () => {
    const value = { since: new Date(0), known: new Map() }

    await verifyWith(() => ({ value }))

    expect([value.since, value.known].filter(Object.isFrozen)).toEqual([])
  })

  test('cannot be nested deeper than a token may be, or be circular', async () => {
    const nest = (levels: number): object => (levels === 0 ? {} : { a: nest(levels - 1) })
    const circle: { self?: object } = {}
    circle.self = [circle]

    await expect(verifyWith(() => ({ value: nest(64) }))).resolves.toBeDefined()
    for (const value of [nest(65), circle]) {
      await expect(verifyWith(() => ({ value }))).rejects.toMatchObject({
        code: 'ERR_TOKEN_MALFORMED',
      })
    }
  })

  test.each([
    ['synchronously', (value: unknown) => value],
    ['later', async (value: unknown) => value],
    ['as a thenable', thenable],
  ])('rejects the token if issues come %s', async (_, answer) => {
    await expect(verifyWith(() => answer(issue(['tenant'])))).rejects.toMatchObject({
      ...REFUSED,
      reason: 'schema',
      claim: 'tenant',
    })
  })

  test.each([
    ['an empty list of issues', { issues: [] }, undefined],
    ['an issue without a path', issue(), undefined],
    ['an issue with an empty path', issue([]), undefined],
    ['a path of objects', issue([{ key: 'a' }, { key: 'b' }]), 'a'],
    ['a path of numbers', issue([0]), undefined],
    ['a path of symbols', issue([Symbol('a')]), undefined],
    ['issues beside a value', { ...issue(['a']), value: {} }, 'a'],
  ])('rejects the token for %s', async (_, result, claim) => {
    const error = await verifyWith(() => result).catch((reason: unknown) => reason)

    expect(error).toMatchObject({ ...REFUSED, reason: 'schema' })
    expect((error as { claim?: string }).claim).toBe(claim)
    expect(JSON.stringify(error)).not.toContain('secret')
  })

  test.each([undefined, null, true, false, 'text', {}, { issues: null }, { issues: 'x' }])(
    'rejects the token if it is %j, which is no valid result',
    async (result) => {
      await expect(verifyWith(() => result)).rejects.toMatchObject(REFUSED)
      await expect(verifyWith(async () => result)).rejects.toMatchObject(REFUSED)
    },
  )

  test('rejects the token if the schema throws or rejects, and keeps the cause', async () => {
    const cause = new Error('broken')
    const throwing = () => {
      throw cause
    }

    await expect(verifyWith(throwing)).rejects.toMatchObject({ ...REFUSED, cause })
    await expect(verifyWith(async () => throwing())).rejects.toMatchObject({ ...REFUSED, cause })
  })

  test('keeps dates and other objects that are no JSON', async () => {
    const when = new Date(0)

    const claims = await verifyWith(() => ({ value: { when, bare: Object.create(null) } }))

    expect(claims).toHaveProperty('when', when)
    expect((claims as { bare: object }).bare).toSatisfy(Object.isFrozen)
  })

  test('is frozen including members of an array that are no elements', async () => {
    const claims = await verifyWith(() => ({
      value: { match: Object.assign(['a'], { groups: {} }) },
    }))

    expect((claims as { match: { groups: object } }).match.groups).toSatisfy(Object.isFrozen)
  })
})

describe('a schema', () => {
  test('gets only claims that have passed every other check, and cannot change them', async () => {
    const validate = vi.fn((value: unknown) => {
      Object.assign(value as object, { admin: true })
      return { value }
    })
    const verifier = createVerifier({ ...base, claims: toSchema(validate) })

    await verifier.verify(`${await issuer.accessToken()}x`).catch(() => undefined)
    await verifier.verify(await issuer.accessToken({ exp: 1 })).catch(() => undefined)
    expect(validate).not.toHaveBeenCalled()

    await expect(verifier.verify(await issuer.accessToken())).rejects.toMatchObject({
      ...REFUSED,
      cause: expect.any(TypeError),
    })
  })

  test('does not remove claims that access rules need for scopes and groups', async () => {
    const verifier = createVerifier({ ...base, claims: z.object({ sub: z.string() }) })
    const token = await issuer.accessToken({ scope: 'orders/read', 'cognito:groups': ['admin'] })

    const verified = await verifier.verify(token)

    expect(Object.keys(verified.claims)).toEqual(['sub'])
    expect(() => authorize(verified, { scopes: ['orders/read'], groups: ['admin'] })).not.toThrow()
    expect(() => authorize(verified, { groups: ['root'] })).toThrow()
  })
})
