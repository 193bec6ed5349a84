/**
 * The names of a token's claims are text that its issuer chooses. A schema that accepts any name reports an issue under it: the error
 * may have it only if it can do no harm in a log.
 */
import { createVerifier, type StandardSchemaV1 } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { record } from '../support/channels.ts'

const issuer = await createTestIssuer()
const scalar = z.union([z.string(), z.number()])

/** Reports an issue about the last claim, in the other form of a path. */
const handWritten: StandardSchemaV1<unknown, object> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (claims) => ({
      issues: [{ message: 'no', path: [{ key: Object.keys(claims as object).at(-1) ?? '' }] }],
    }),
  },
}

const SCHEMAS: readonly [string, StandardSchemaV1<unknown, object>][] = [
  ['a record', z.record(z.string(), scalar)],
  ['a catchall', z.object({ sub: z.string() }).catchall(scalar)],
  ['a schema without a library', handWritten],
]

/** The error of a token with this claim, which is an object, and the message about it, as JSON. */
async function reject(claims: StandardSchemaV1<unknown, object>, name: string) {
  const { issuer: trusted, jwks } = issuer
  const verifier = createVerifier({ issuer: trusted, audience: null, jwks, claims })
  const token = await issuer.accessToken({ [name]: { not: 'a scalar' } })
  let error: unknown
  const messages = await record('jwt-gate:verify', async () => {
    error = await verifier.verify(token).catch((reason: unknown) => reason)
  })
  return { error, messages, all: JSON.stringify([error, messages]) }
}

describe.each(SCHEMAS)('with %s', (_, schema) => {
  test.each([
    ['spaces', 'MY SECRET'],
    ['an address', 'secret@example.com'],
    ['an escape sequence', 'secret\u001B[31m'],
    ['a line break', 'secret\nline'],
    ['a line break at the end', 'secret\n'],
    ['quotes', 'secret"quoted"'],
    ['markup', '<secret>'],
    ['an encoded line break', 'secret%0A'],
    ['a query', 'https://api.example.com/?secret=1'],
    ['an accent', 'secr\u00E9t'],
    ['a letter of another script', 's\u0435cret'],
    ['a change of direction', '\u202Eterces'],
    ['101 letters', `secret${'a'.repeat(95)}`],
    ['6,000 letters', 'secret'.repeat(1_000)],
    ['no letter', ''],
  ])('a claim whose name has %s is not named', async (_what, name) => {
    const { error, messages, all } = await reject(schema, name)

    expect(error).toMatchObject({ code: 'ERR_TOKEN_CHECK', reason: 'schema' })
    expect(error).not.toHaveProperty('claim')
    expect(messages).toMatchObject([{ outcome: 'refused', code: 'ERR_TOKEN_CHECK' }])
    expect(messages[0]).not.toHaveProperty('claim')
    expect(all).not.toMatch(/s..?ret|terces|SECRET/)
  })
})

test.each([
  'org_id',
  'custom:tenant',
  '_claim_names',
  'resource-access',
  'https://api.example.com/org_id',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier',
  'a'.repeat(100),
])('the claim %j of a schema is named', async (name) => {
  const { error, messages } = await reject(z.looseObject({ [name]: z.string() }), name)

  expect(error).toMatchObject({ code: 'ERR_TOKEN_CHECK', reason: 'schema', claim: name })
  expect(messages).toMatchObject([{ claim: name }])
})
