/**
 * Checks the claims of a DPoP proof whose signature is good, in the order of SECURITY.md (RFC 9449 s4.3, items 8 to 12).
 */
import { digestToken } from '../token/digest.ts'
import type { JsonObject } from '../token/json.ts'
import { normalizeUrl } from './normal-url.ts'
import { invalidProof } from './refuse.ts'

/** The time of a request, and how much older a proof may be. */
export interface ProofWindow {
  readonly nowSeconds: number
  readonly maxAgeSeconds: number
  readonly toleranceSeconds: number
}

/** `htm`, `htu`: a proof is for one request. @throws `TokenError` `ERR_PROOF_INVALID` */
export function checkRequest(
  { htm, htu }: JsonObject,
  { method, url }: { readonly method: string; readonly url: string },
): void {
  // RFC 9110 s9.1: methods are case-sensitive
  if (typeof htm !== 'string' || htm !== method) throw invalidProof('htm')
  const target = normalizeUrl(url)
  if (target === undefined || typeof htu !== 'string') throw invalidProof('htu')
  // Stryker disable next-line ConditionalExpression: the other way only takes longer
  const normal = htu === target ? target : normalizeUrl(htu)
  if (normal !== target) throw invalidProof('htu')
}

/** `iat`: a proof is for one time. Returns it. @throws `TokenError` `ERR_PROOF_INVALID` */
export function checkAge({ iat }: JsonObject, window: ProofWindow): number {
  const { nowSeconds, maxAgeSeconds, toleranceSeconds } = window
  // `JSON.parse` turns 1e999 into `Infinity`
  const isInTime =
    Number.isFinite(iat) &&
    (iat as number) <= nowSeconds + toleranceSeconds &&
    (iat as number) >= nowSeconds - maxAgeSeconds - toleranceSeconds
  if (!isInTime) throw invalidProof('iat')
  return iat as number
}

/**
 * `ath`: a proof is for one token (RFC 9449 s4.2).
 * @param digest - the SHA-256 of the token, if it is known
 * @throws `TokenError` `ERR_PROOF_INVALID`
 */
export function checkToken({ ath }: JsonObject, token: string, digest: string | undefined): void {
  const bytes = Buffer.from(digest ?? digestToken(token), 'latin1')
  // no secret: who sends a token can digest it
  if (bytes.toString('base64url') !== ath) throw invalidProof('ath')
}
