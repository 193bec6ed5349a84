/**
 * The Wycheproof vectors for JSON Web Signatures, through the project's own signature step.
 */
import { beforeEach, describe, expect, test } from 'vitest'
import { sayOfJws } from './signature-step.ts'
import { read, skipped } from './vectors.ts'

interface Row {
  readonly file: string
  readonly tcId: number
  readonly comment: string
  readonly serialization: string
  readonly jwks: { readonly keys: readonly unknown[] }
  readonly jws: string
  readonly result: 'valid' | 'invalid'
}

const SIGNATURES = 'json_web_signature_test.json'
const KEYS = 'json_web_key_test.json'
const CRYPTO = 'json_web_crypto_test.json'

/** Rows for which the contract requires another result, and why. */
const OTHERWISE: Readonly<Record<string, { said: string; why: string }>> = {
  [`${SIGNATURES} 346`]: { said: 'ERR_KEY_UNUSABLE', why: 'the JWK is for another alg' },
  [`${SIGNATURES} 347`]: { said: 'ERR_KEY_UNUSABLE', why: 'the alg of the JWK is misspelt ES521' },
  [`${SIGNATURES} 350`]: { said: 'ERR_KEY_UNUSABLE', why: 'the JWK is for another alg' },
  [`${SIGNATURES} 351`]: { said: 'ERR_KEY_UNUSABLE', why: 'the alg of the JWK is misspelt ES521' },
  [`${CRYPTO} 46`]: { said: 'valid', why: 'the contract asks for no look at the ROCA flaw' },
  [`${KEYS} 7`]: { said: 'valid', why: 'the contract asks for no look at the ROCA flaw' },
}

const rows = read<Row[]>('wycheproof/applicable-asymmetric-jws.json', [])
const named = rows.map((row) => ({ name: `${row.file} ${row.tcId}`, ...row }))

describe('asymmetric signatures', () => {
  beforeEach(({ skip }) => skip(skipped !== undefined, skipped))

  const usual = named.filter(({ name }) => OTHERWISE[name] === undefined)

  test.each(usual)('$name is $result: $comment', async ({ jws, jwks, result }) => {
    const said = await sayOfJws(jws, jwks.keys)

    if (result === 'valid') expect(said).toBe('valid')
    else expect(said).toMatch(/^invalid$|^ERR_/)
  })

  test.each(named.filter(({ name }) => OTHERWISE[name]))(
    '$name has the result that the contract requires',
    async (row) => {
      expect(await sayOfJws(row.jws, row.jwks.keys)).toBe(OTHERWISE[row.name]?.said)
    },
  )

  test('all of them are tested, valid and invalid ones', () => {
    expect(rows).toHaveLength(403)
    expect(rows.filter(({ result }) => result === 'valid')).toHaveLength(39)
  })
})

interface Group {
  readonly public?: unknown
  readonly private?: { readonly keys?: readonly unknown[] }
  readonly tests: readonly { readonly tcId: number; readonly jws?: string; readonly jwe?: string }[]
}

describe('rejected, because the contract allows no secrets and no encryption', () => {
  beforeEach(({ skip }) => skip(skipped !== undefined, skipped))
  const known = new Set(named.map(({ name }) => name))

  test.each([SIGNATURES, KEYS, CRYPTO])(
    'all vectors of %s that are no asymmetric signatures',
    async (file) => {
      const { testGroups } = read<{ testGroups: Group[] }>(`wycheproof/${file}`, {
        testGroups: [],
      })
      const others = testGroups.flatMap(({ private: key, tests }) =>
        tests
          .filter(({ tcId }) => !known.has(`${file} ${tcId}`))
          .map(({ tcId, jws, jwe }) => ({ tcId, token: jws ?? jwe, keys: key?.keys ?? [key] })),
      )

      expect(others.length).toBeGreaterThan(10)
      for (const { tcId, token, keys } of others) {
        expect(await sayOfJws(String(token), keys), `${file} ${tcId}`).toMatch(/^ERR_/)
      }
    },
  )
})
