/**
 * The output in docs/explain.md, and its tables, compared with the code.
 */
import { type AccessRule, cognito, createVerifier, type JsonWebKey } from 'jwt-gate'
import { explain, formatExplanation } from 'jwt-gate/explain'
import { createRevocations, memoryRevocationStore } from 'jwt-gate/stores'
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { afterAll, expect, test } from 'vitest'
import { createSetUps, createWorld } from '../explain/set-ups.ts'
import { blocksOf, codeOf, read, tableOf } from './markdown.ts'

const document = read('docs/explain.md')
const NOW = 1_800_000_000
const now = () => NOW * 1_000
const issuer = await createTestIssuer({ now })
const [key] = issuer.keys as [TestKey]
const jwks = { keys: [{ ...key.jwk, kid: 'key-1' } as JsonWebKey] }
const { userPoolId, clientId } = issuer
const verifier = createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access', jwks }), {
  now,
})
const world = await createWorld()
afterAll(() => world.close())

/** With constant identifiers, in place of random ones. */
async function mint(claims: object): Promise<string> {
  const usual = { iss: issuer.issuer, sub: 'alice', iat: NOW - 60, exp: NOW + 3_540 }
  return issuer.token({ ...usual, ...claims }, { header: { kid: 'key-1' }, key })
}

async function outputFor(claims: object, access?: AccessRule): Promise<string> {
  return formatExplanation(await explain(verifier, await mint(claims), { access }))
}

test('the output is what is printed', async () => {
  const [first, second, ...others] = blocksOf(document, 'text').map(({ text }) => text)

  expect(first).toBe(await outputFor({ token_use: 'id', aud: clientId }))
  const scope = 'aws.cognito.signin.user.admin'
  const access = { scopes: ['orders/read'] }
  const causes = (
    await outputFor({ token_use: 'access', client_id: clientId, scope }, access)
  ).split('\n\n')
  expect(second).toBe(`${causes[1]}\n`)
  expect(others).toEqual([])
})

test('the table has a cause for each kind of mistake that is listed', async () => {
  const titles = new Set((await createSetUps(world)).map(({ cause }) => cause))
  const rows = tableOf(document, 'what was wrong')

  expect(rows.length).toBeGreaterThan(10)
  for (const [, title = ''] of rows) expect(titles, title).toContain(title)
})

test('the checks are listed in their order', async () => {
  const revocations = createRevocations({
    store: memoryRevocationStore(),
    whenStale: 'refuse',
    now,
  })
  const strict = createVerifier(
    {
      ...{ issuer: issuer.issuer, audience: 'api', jwks, clientId: 'app', tokenUse: 'access' },
      ...{ requiredClaims: ['tenant'], maxTokenAgeSeconds: 60 },
      claims: { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } },
    },
    { now, mtls: true, check: () => undefined, revocations },
  )
  const { checks } = await explain(strict, await mint({ client_id: 'app', jti: '1' }))
  const listed = tableOf(document, 'check').map(([name]) => codeOf(name))

  expect(listed.slice(0, checks.length)).toEqual(
    checks.map(({ name }) => name.replace('required tenant', 'required …')),
  )
})
