/**
 * Signing keys for tests. jose generates them and WebCrypto signs, so that the code under test verifies foreign signatures.
 */
import { randomUUID, webcrypto } from 'node:crypto'
import { exportJWK, generateKeyPair } from 'jose'
import type { Algorithm, JsonWebKey } from '../verify/index.ts'

/** A key pair of a test issuer. */
export interface TestKey {
  /** The key ID. */
  readonly kid: string
  /** The algorithm. */
  readonly alg: Algorithm
  /** The public key, as in the issuer's JWK Set. */
  readonly jwk: JsonWebKey
  /** The private key. */
  readonly privateKey: webcrypto.CryptoKey
}

/** Creates a key pair for an algorithm. */
export async function createTestKey(alg: Algorithm): Promise<TestKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const kid = `${alg}-${randomUUID()}`
  const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } as JsonWebKey
  return { kid, alg, jwk, privateKey }
}

/** Signs the first two segments of a token (RFC 7515 s5.1). */
export async function signWith(
  signingInput: string,
  { alg, privateKey }: TestKey,
): Promise<Uint8Array> {
  const { name } = privateKey.algorithm
  const bits = Number(alg.slice(-3))
  const algorithm = { name, hash: `SHA-${bits}`, saltLength: bits / 8 }
  const data = new TextEncoder().encode(signingInput)
  return new Uint8Array(await webcrypto.subtle.sign(algorithm, privateKey, data))
}
