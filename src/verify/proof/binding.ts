/**
 * Proof of possession: whoever sends a token that is bound to a key or a certificate must have it (RFC 9449 s7, RFC 8705 s3).
 * Runs on every call, because no cached token takes the place of a proof.
 */
import type { Presented } from '../binding-types.ts'
import { claimsSetOf } from '../claims/verified-token.ts'
import { TokenError } from '../errors.ts'
import type { SignaturePool } from '../keys/signature-pool.ts'
import type { JsonObject } from '../token/json.ts'
import type { VerifiedToken } from '../types.ts'
import type { BindingSettings } from './binding-settings.ts'
import { type BoundCall, DpopProofs, type ProofClock, type StartedProof } from './dpop-proofs.ts'
import { invalidProof } from './refuse.ts'
import { isSameDigest, toCertificateThumbprint } from './thumbprint.ts'

type Verified = VerifiedToken<unknown>

interface Confirmation {
  readonly jkt?: string
  readonly 'x5t#S256'?: string
}

export class Binding {
  readonly #proofs: DpopProofs | undefined
  readonly #isRequired: boolean

  constructor({ dpop }: BindingSettings, pool: SignaturePool, clock: ProofClock) {
    this.#proofs = dpop && new DpopProofs(dpop, pool, clock)
    this.#isRequired = dpop?.required === true
  }

  /**
   * Begins to verify the signature of a proof, while that of its token is verified. Says nothing about either.
   * @param payload - unverified, but of a trusted issuer
   */
  start(payload: JsonObject, call: BoundCall): StartedProof | undefined {
    if (this.#proofs === undefined || call.isSync) return undefined
    const { jkt } = Object(payload['cnf']) as Confirmation
    const { proof } = call.presented ?? {}
    // Stryker disable next-line ConditionalExpression: what is no proof is not verified either, but that takes longer
    if (proof === undefined) return undefined
    return this.#proofs.start(proof, jkt, payload['iss'] as string)
  }

  /**
   * Checks what the token is bound to.
   * @returns the token, with the nonce for the next proof if there is one
   * @throws `TokenError` `ERR_PROOF_…`, `ERR_CERTIFICATE_MISMATCH`, and `ERR_CLAIM_MISSING` for a token that is not bound
   * @throws `StoreError` `ERR_STORE_UNAVAILABLE`
   */
  check(
    verified: Verified,
    call: BoundCall,
    started: StartedProof | undefined,
  ): Verified | Promise<Verified> {
    // the form was checked with the other claims
    const { cnf = {} } = claimsSetOf(verified) as { cnf?: Confirmation }
    const x5t = cnf['x5t#S256']
    if (x5t !== undefined) assertCertificate(x5t, call.presented)
    if (this.#proofs === undefined) return verified
    const proof = this.#findProof(cnf.jkt, call.presented)
    return proof === undefined
      ? verified
      : this.#proofs.check(proof, { verified, jkt: cnf.jkt as string, call, started })
  }

  // Stryker disable next-line BlockStatement: keys that are not forgotten are in memory for longer
  clear(): void {
    this.#proofs?.clear()
  }

  /** RFC 9449 s7.1, s7.2: scheme, proof and bound token come together, or none of them does. */
  #findProof(
    jkt: string | undefined,
    presented: Presented | undefined,
  ): Presented['proof'] | undefined {
    const { scheme, proof } = presented ?? {}
    const hasProof = proof !== undefined && proof.length > 0
    const isDpop = typeof scheme === 'string' && scheme.toLowerCase() === 'dpop'
    if (hasProof && !isDpop) throw invalidProof('scheme')
    if (jkt === undefined && (isDpop || this.#isRequired)) {
      throw new TokenError('ERR_CLAIM_MISSING', { claim: 'cnf', reason: 'missing' })
    }
    if (jkt !== undefined && !hasProof) throw new TokenError('ERR_PROOF_MISSING')
    return hasProof ? proof : undefined
  }
}

function assertCertificate(expected: string, presented: Presented | undefined): void {
  const certificate = presented?.certificate
  if (certificate === undefined) {
    throw new TokenError('ERR_CERTIFICATE_MISMATCH', { reason: 'missing' })
  }
  if (isSameDigest(expected, toCertificateThumbprint(certificate))) return
  throw new TokenError('ERR_CERTIFICATE_MISMATCH', { reason: 'mismatch' })
}
