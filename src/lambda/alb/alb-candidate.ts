/**
 * The token of a load balancer, up to its signature: its form, and who says to have signed it, for whom.
 */
import { type JwtHeader, TokenError } from '../../verify/index.ts'
import {
  assertHeader,
  assertTokenSize,
  type JsonObject,
  KnownHeaders,
  parseUnverifiedToken,
  type Signed,
} from '../../verify/token-kit.ts'
import type { AlbSettings } from './alb-options.ts'
import { withoutPadding } from './padded-token.ts'

/** A token whose header names a signer, a client and an issuer that are trusted. Its signature is still to be verified. */
export interface AlbCandidate {
  readonly header: JsonObject & JwtHeader
  readonly payload: JsonObject
  readonly signed: Signed
  /** The address of the key. */
  readonly keyUrl: string
}

const HEADER_RULE = { algorithms: new Set(['ES256']), tokenType: 'jwt' }
/** It becomes a part of an address. */
const KEY_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** @returns a function that throws `TokenError` for any other token */
export function createAlbParser(settings: AlbSettings): (token: string) => AlbCandidate {
  const { maxTokenBytes } = settings.verifier
  const scratch = Buffer.allocUnsafeSlow(maxTokenBytes)
  // nothing is remembered in it
  const knownHeaders = new KnownHeaders()
  return (token) => {
    assertTokenSize(token, maxTokenBytes)
    const { header, payload, signatureBytes } = parseUnverifiedToken(
      withoutPadding(token),
      scratch,
      knownHeaders,
    )
    assertHeader(header, HEADER_RULE)
    const keysUrl = assertTrusted(header, payload, settings)
    // the signature covers the text with its padding
    const signed = { compact: token, signedEnd: token.lastIndexOf('.'), signatureBytes }
    return { header, payload, signed, keyUrl: keysUrl + readKeyId(header) }
  }
}

/** Returns the address of the signer's keys. */
function assertTrusted(
  header: JsonObject,
  payload: JsonObject,
  { signers, clients, issuer }: AlbSettings,
): string {
  const { signer, client, iss } = header
  const keysUrl = signers.get(signer as string)
  if (keysUrl === undefined) throw new TokenError('ERR_CLAIM_ISSUER', toDetails('signer', signer))
  if (clients !== null && !clients.has(client as string)) {
    const details = toDetails('client', client)
    throw new TokenError('ERR_CLAIM_CLIENT_ID', { ...details, expected: { clientId: clients } })
  }
  const { iss: issOfPayload = iss } = payload
  if (iss !== issuer || issOfPayload !== issuer) {
    const details = toDetails('iss', iss)
    throw new TokenError('ERR_CLAIM_ISSUER', { ...details, expected: { issuers: [issuer] } })
  }
  return keysUrl
}

function toDetails(
  claim: string,
  value: unknown,
): { claim: string; reason: 'missing' | 'mismatch' } {
  return { claim, reason: value === undefined ? 'missing' : 'mismatch' }
}

function readKeyId({ kid }: JwtHeader): string {
  // Stryker disable next-line ConditionalExpression: only for the types
  if (kid !== undefined && KEY_ID.test(kid)) return kid
  const reason = kid === undefined ? 'missing' : 'invalid'
  throw new TokenError('ERR_KEY_NOT_FOUND', { claim: 'kid', reason })
}
