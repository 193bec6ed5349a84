/**
 * A client that sends DPoP-bound tokens (RFC 9449): it has a key, and makes a proof for each request.
 */
import { createHash, randomUUID } from 'node:crypto'
import { calculateJwkThumbprint, type JWK } from 'jose'
import type { Algorithm } from 'jwt-gate'
import type { TestKey } from 'jwt-gate/testing'
import { createTestKey, signWith } from '../../../src/testing/test-key.ts'
import { encode } from './raw-token.ts'

/** What a proof says. Members that are `undefined` are left out of it. */
export interface ProofParts {
  readonly method?: string
  readonly url?: string
  /** In seconds. */
  readonly iat?: unknown
  readonly nonce?: string
  /** Replace members of the header and the payload. */
  readonly header?: Readonly<Record<string, unknown>>
  readonly claims?: Readonly<Record<string, unknown>>
  /** The key that signs, if not the client's own. */
  readonly signer?: TestKey
  /** Changes the signing input and returns the third segment. */
  readonly sign?: (signingInput: string, key: TestKey) => Promise<string> | string
}

export interface DpopClient {
  readonly key: TestKey
  /** The public key, as in a proof. */
  readonly jwk: JWK
  /** The thumbprint of the key, as in `cnf`. */
  readonly jkt: string
  readonly cnf: { readonly jkt: string }
  /** Makes a proof for a request with this token. */
  prove(token: string, parts?: ProofParts): Promise<string>
}

export const METHOD = 'GET'
export const URL_OF_REQUEST = 'https://api.example/orders'

/** The SHA-256 of a token, as in `ath`. */
export function toAth(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** @param seconds - the clock of the client */
export async function createDpopClient(
  seconds: () => number,
  alg: Algorithm = 'ES256',
): Promise<DpopClient> {
  const key = await createTestKey(alg)
  // an AKP key needs its alg
  const { kid: _kid, use: _use, alg: _alg, ...members } = key.jwk
  const jwk = (members.kty === 'AKP' ? { ...members, alg } : members) as unknown as JWK
  const jkt = await calculateJwkThumbprint(jwk)
  return {
    key,
    jwk,
    jkt,
    cnf: { jkt },
    prove: async (token, parts = {}) => {
      const { method = METHOD, url = URL_OF_REQUEST, signer = key } = parts
      const header = { typ: 'dpop+jwt', alg, jwk, ...parts.header }
      const payload = {
        jti: randomUUID(),
        htm: method,
        htu: url,
        iat: 'iat' in parts ? parts.iat : seconds(),
        ath: toAth(token),
        nonce: parts.nonce,
        ...parts.claims,
      }
      const signingInput = `${encode(JSON.stringify(header))}.${encode(JSON.stringify(payload))}`
      const signature = parts.sign
        ? await parts.sign(signingInput, signer)
        : encode(await signWith(signingInput, signer))
      return `${signingInput}.${signature}`
    },
  }
}
