/**
 * The path of a token to its signature check, made of the project's own steps. The payload of a vector is no JWT claims set, so
 * only its alphabet is checked and it is not parsed.
 */
import { Buffer } from 'node:buffer'
import { ALGORITHMS, isAvailable } from '../../src/verify/algorithms.ts'
import { KeySet } from '../../src/verify/keys/key-set.ts'
import { isSignedBy, isSignedByInPool } from '../../src/verify/keys/signature.ts'
import { assertHeader } from '../../src/verify/token/header.ts'
import { KnownHeaders } from '../../src/verify/token/known-headers.ts'
import { parseUnverifiedToken } from '../../src/verify/token/token.ts'

const algorithms = new Set<string>(ALGORITHMS.filter(isAvailable))
const EMPTY_OBJECT = 'e30'

/** `'valid'`, `'invalid'` for a wrong signature, or the code of the step that rejected. Both ways to verify must agree. */
export async function sayOfJws(jws: string, keys: readonly unknown[]): Promise<string> {
  try {
    return (await isSigned(jws, keys)) ? 'valid' : 'invalid'
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === undefined) throw error
    return code
  }
}

async function isSigned(compact: string, keys: readonly unknown[]): Promise<boolean> {
  const scratch = Buffer.alloc(Math.max(64, compact.length))
  const parse = (text: string) => parseUnverifiedToken(text, scratch, new KnownHeaders())
  const [header, payload, signature, ...more] = compact.split('.')
  if (signature === undefined || more.length > 0) parse(compact)
  parse(`${header}.${EMPTY_OBJECT}.${payload}`)
  const parsed = parse(`${header}.${EMPTY_OBJECT}.${signature}`)
  assertHeader(parsed.header, { algorithms, tokenType: null })
  const key = KeySet.from(keys, algorithms).find(parsed.header, '')
  if (key === undefined) return Promise.reject({ code: 'ERR_KEY_NOT_FOUND' })
  const signed = { ...parsed, compact, signedEnd: compact.lastIndexOf('.') }
  const said = isSignedBy(key, signed)
  if ((await isSignedByInPool(key, signed)) !== said) throw new Error('the two ways disagree')
  return said
}
