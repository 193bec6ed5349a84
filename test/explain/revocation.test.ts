/**
 * `explain` and the list of revoked tokens.
 */
import { createVerifier, type RevocationList, TokenError } from 'jwt-gate'
import { explain } from 'jwt-gate/explain'
import { createRevocations, memoryRevocationStore, type RevocationStore } from 'jwt-gate/stores'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'

const NOW = 1_800_000_000
const now = () => NOW * 1_000
const issuer = await createTestIssuer({ now })
const trusted = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }
const claims = { iss: issuer.issuer, sub: 'alice', jti: 'one', iat: NOW, exp: NOW + 60 }
const token = await issuer.token(claims)

function createList(store: RevocationStore = memoryRevocationStore({ now })) {
  return createRevocations({ store, whenStale: 'refuse', now })
}

async function explainBy(revocations: RevocationList, sent = token) {
  const { verdict, code, checks, causes } = await explain(
    createVerifier(trusted, { now, revocations }),
    sent,
  )
  return { verdict, code, check: checks.find(({ name }) => name === 'revocation'), causes }
}

test('a token that is not in the list passes the check', async () => {
  const { verdict, check } = await explainBy(createList())

  expect(verdict).toBe('accepted')
  expect(check).toEqual({ name: 'revocation', outcome: 'passed', actual: 'not revoked' })
})

test('the list is not asked about a token that is not genuine', async () => {
  const list = createList()
  await list.revoke({ issuer: issuer.issuer, jti: 'one', until: NOW + 60 })

  const { code, check } = await explainBy(list, `${token.slice(0, -8)}AAAAAAAA`)

  expect(code).toBe('ERR_TOKEN_SIGNATURE')
  expect(check?.outcome).toBe('skipped')
})

test('a schema that rejects the claims comes first, and one that accepts has passed', async () => {
  const list = createList()
  await list.revoke({ issuer: issuer.issuer, jti: 'one', until: NOW + 60 })
  const explainWith = async (issues?: { message: string }[]) => {
    const validate = (value: unknown) => (issues ? { issues } : { value })
    const schema = { '~standard': { version: 1, vendor: 'test', validate } } as const
    const verifier = createVerifier({ ...trusted, claims: schema }, { now, revocations: list })
    const { code, checks } = await explain(verifier, token)
    const outcomes = checks.filter(({ name }) => name === 'schema' || name === 'revocation')
    return [code, ...outcomes.map(({ name, outcome }) => `${name} ${outcome}`)]
  }

  expect(await explainWith([{ message: 'x' }])).toEqual([
    ...['ERR_TOKEN_CHECK', 'schema failed', 'revocation skipped'],
  ])
  expect(await explainWith()).toEqual([
    ...['ERR_TOKEN_REVOKED', 'schema passed', 'revocation failed'],
  ])
})

describe('the kind of entry is said only if it is certain', () => {
  test.each(['jti', 'sub'] as const)('%s', async (member) => {
    const list = createList()
    await list.revoke({ issuer: issuer.issuer, [member]: claims[member], until: NOW + 60 })

    const { verdict, check, causes } = await explainBy(list)

    expect(verdict).toBe('refused')
    expect(check).toMatchObject({ outcome: 'failed', actual: `an entry for its ${member}` })
    expect(causes[0]?.advice).toContain(`its ${member} "${claims[member]}"`)
  })

  test('not if a list of the user revokes everything', async () => {
    const all: RevocationList = {
      assertNotRevoked: () => {
        throw new TokenError('ERR_TOKEN_REVOKED')
      },
      hydrate: async () => undefined,
      settled: async () => undefined,
      close: () => undefined,
    }

    const { code, check, causes } = await explainBy(all)

    expect(code).toBe('ERR_TOKEN_REVOKED')
    expect(check?.actual).toBe('an entry')
    expect(causes[0]?.title).toBe('The token was revoked')
  })

  test('not if a verifier is wrapped', async () => {
    const list = createList()
    await list.revoke({ issuer: issuer.issuer, jti: 'one', until: NOW + 60 })
    const verifier = createVerifier(trusted, { now, revocations: list })
    const wrapped = { ...verifier, verify: (sent: string) => verifier.verify(sent) }

    const { code, causes } = await explain(wrapped, token)

    expect(code).toBe('ERR_TOKEN_REVOKED')
    expect(causes[0]?.title).toBe('The token was revoked')
  })
})

test('a store that fails leaves the token undecided', async () => {
  const fail = () => Promise.reject(new Error('the server is gone'))
  const { verdict, code, check, causes } = await explainBy(createList({ append: fail, read: fail }))

  expect([verdict, code]).toEqual(['undecided', 'ERR_REVOCATIONS_UNAVAILABLE'])
  expect(check?.actual).toBe('unknown')
  expect(causes[0]?.advice).toContain('the server is gone')
})

test('a question about another time leaves the list as old as it is', async () => {
  let isDown = false
  let ms = now()
  const memory = memoryRevocationStore({ now })
  const store: RevocationStore = {
    append: memory.append,
    read: async (cursor, onRecords) => {
      if (isDown) throw new Error('down')
      return memory.read(cursor, onRecords)
    },
  }
  const revocations = createRevocations({ store, whenStale: 'refuse', now: () => ms })
  const verifier = createVerifier(trusted, { now: () => ms, revocations })
  const long = await issuer.token({ ...claims, exp: NOW + 86_400 })

  await explain(verifier, long, { now: () => (NOW + 43_200) * 1_000 })
  isDown = true
  // older than maxStaleMs by its own clock, and younger than the time that was asked for
  ms += 120_000

  await expect(verifier.verify(long)).rejects.toMatchObject({ code: 'ERR_REVOCATIONS_UNAVAILABLE' })
})
