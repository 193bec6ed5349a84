/**
 * What every call asks for besides a good token, cached or not: that the token was not revoked, the proof that it belongs to its
 * sender, then `check`. In this order a token that was revoked uses up no proof.
 */
import { applyCheck, waitUnless } from './claims/custom-rules.ts'
import { claimsSetOf } from './claims/verified-token.ts'
import type { SignaturePool } from './keys/signature-pool.ts'
import { Binding } from './proof/binding.ts'
import type { BoundCall, StartedProof } from './proof/dpop-proofs.ts'
import type { VerifiedToken } from './types.ts'
import { isPromise } from './util/promises.ts'
import type { VerifierSettings } from './verifier-options.ts'

type Verified = VerifiedToken<unknown>
type MaybePromise<T> = T | Promise<T>
type Check = NonNullable<VerifierSettings['check']>

export class EveryCall {
  readonly #settings: VerifierSettings
  readonly binding: Binding | undefined

  constructor(settings: VerifierSettings, pool: SignaturePool) {
    this.#settings = settings
    this.binding = settings.binding && new Binding(settings.binding, pool, settings)
  }

  /** @returns the token, with the nonce for the next proof if there is one */
  check(
    call: BoundCall,
    started: StartedProof | undefined,
    verified: Verified,
  ): MaybePromise<Verified> {
    const { revocations, now } = this.#settings
    const loading = revocations?.assertNotRevoked(
      verified.issuer,
      claimsSetOf(verified),
      now(),
      call.isSync,
    )
    if (!isPromise(loading)) return this.#checkBinding(call, started, verified)
    return loading.then(this.#checkBinding.bind(this, call, started, verified))
  }

  #checkBinding(
    call: BoundCall,
    started: StartedProof | undefined,
    verified: Verified,
  ): MaybePromise<Verified> {
    const proven = this.binding?.check(verified, call, started) ?? verified
    const { check } = this.#settings
    if (check === undefined) return proven
    return isPromise(proven)
      ? proven.then(this.#applyCheck.bind(this, check, call))
      : this.#applyCheck(check, call, proven)
  }

  #applyCheck(check: Check, call: BoundCall, verified: Verified): MaybePromise<Verified> {
    const checked = applyCheck(check, verified)
    return isPromise(checked)
      ? waitUnless(call.isSync, 'check', checked).then(() => verified)
      : verified
  }
}
