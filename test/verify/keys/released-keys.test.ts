/**
 * Imported keys that are not used: their memory is given back, and they work whenever they are used.
 */
import { createPublicKey, type KeyObject, type VerifyKeyObjectInput } from 'node:crypto'
import { createTestIssuer } from 'jwt-gate/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { KeySet } from '../../../src/verify/keys/key-set.ts'
import { PublicKey } from '../../../src/verify/keys/verification-key.ts'

const idp = await createTestIssuer()
const { kty, n, e } = idp.keyFor('RS256').jwk as Record<string, string>
const text = JSON.stringify({ kty, n, e })

function create(): { readonly imported: KeyObject; readonly key: PublicKey } {
  const imported = createPublicKey({ key: { kty, n, e } as never, format: 'jwk' })
  return { imported, key: new PublicKey(text, imported) }
}

describe('a public key', () => {
  test('is imported once', () => {
    const { imported, key } = create()

    expect(key.for('RS256').input).toBe(imported)
    expect((key.for('PS256').input as VerifyKeyObjectInput).key).toBe(imported)
    expect(key.for('RS256')).toBe(key.for('RS256'))
  })

  test('is imported again if it is used after it was released', () => {
    const { imported, key } = create()

    key.release()

    const { input } = key.for('RS256')
    expect(input).not.toBe(imported)
    expect((input as KeyObject).equals(imported)).toBe(true)
    expect((key.for('PS256').input as VerifyKeyObjectInput).key).toBe(input)
  })

  test('that is used is not released', () => {
    const { imported, key } = create()
    const bound = key.for('RS256')

    key.release()

    expect(key.for('RS256')).toBe(bound)
    expect((key.for('PS256').input as VerifyKeyObjectInput).key).toBe(imported)
  })
})

describe('a key set', () => {
  afterEach(() => vi.restoreAllMocks())

  const others = ['a', 'b'].map((kid) => ({ kty, n, e, kid, alg: 'RS256' }))

  test('releases what its first look-up did not use, once', async () => {
    const other = await createTestIssuer()
    const keys = [idp.keyFor('RS256').jwk, other.keyFor('RS256').jwk] as { kid: string }[]
    const set = KeySet.from(keys, new Set(['RS256']))
    const release = vi.spyOn(PublicKey.prototype, 'release')

    for (const { kid } of [...keys, ...keys]) {
      expect(set.find({ alg: 'RS256', kid }, '')).toBe(set.find({ alg: 'RS256', kid }, ''))
    }

    // each of both
    expect(release).toHaveBeenCalledTimes(2)
    expect(new Set(release.mock.contexts).size).toBe(2)
  })

  test('finds the same key under each of its names', () => {
    const set = KeySet.from(others, new Set(['RS256']))

    const [a, b] = others.map(({ kid }) => set.find({ alg: 'RS256', kid }, ''))

    expect(a).toBe(b)
  })
})
