/**
 * Look-alikes of real issuers: their URLs, key sets, headers and claims, with keys of our own. Every other URL fails, so a preset
 * that asks anywhere else is found.
 */
import { createVerifier, type JwtGateError, type Trusted } from 'jwt-gate'
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { expect } from 'vitest'

export const NOW = 1_795_000_000
const now = (): number => NOW * 1_000
const times = { iat: NOW - 60, nbf: NOW - 60, exp: NOW + 3_600 }

type Claims = Readonly<Record<string, unknown>>
/** The documents of an issuer, by their URLs. */
export type Documents = Readonly<Record<string, (keys: readonly TestKey[]) => unknown>>

export interface LookAlike {
  /** The URLs that were asked for. */
  readonly asked: string[]
  readonly keys: readonly TestKey[]
  /** A token with the header members and the claims that this issuer writes, changed by these. `undefined` leaves one out. */
  token(claims?: Claims, options?: { header?: Claims; key?: TestKey }): Promise<string>
  /** What a verifier for this preset says. */
  verify(trusted: Trusted, token: string): Promise<Verdict>
}

/** The claims of a token that was accepted, or the error. */
type Verdict = { readonly claims: Claims } | JwtGateError

/** @param header - the members besides `alg` and `kid` */
export async function createLookAlike(
  documents: Documents,
  { header, claims }: { readonly header?: Claims; readonly claims: Claims },
  algorithms: readonly ('ES384' | 'PS256')[] = [],
): Promise<LookAlike> {
  const kit = await createTestIssuer({ now, algorithms })
  const asked: string[] = []
  const fetch = async (input: unknown): Promise<Response> => {
    asked.push(String(input))
    const document = documents[String(input)]
    return document === undefined
      ? new Response('', { status: 404 })
      : Response.json(document(kit.keys))
  }
  return {
    asked,
    keys: kit.keys,
    token: (change, options) =>
      kit.token(
        { ...times, ...claims, ...change },
        { ...options, header: { ...header, ...options?.header } },
      ),
    verify: async (trusted, token) => {
      const verifier = createVerifier(trusted, { fetch, now })
      return verifier.verify(token).then(
        (verified) => ({ claims: verified.claims as Claims }),
        (error: JwtGateError) => error,
      )
    },
  }
}

/** A key as issuers publish it, with the certificate that belongs to it (not one that anybody reads). */
export function published({ jwk, kid }: TestKey, more: object = {}): object {
  return { ...jwk, x5t: kid, x5c: ['MIIDBTCCAe2gAwIBAgIQ'], ...more }
}

/** What an error must say. */
export function refusedAs(code: string, claim?: string): object {
  return expect.objectContaining(claim === undefined ? { code } : { code, claim })
}
