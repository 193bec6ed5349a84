/**
 * Whether API Gateway may keep the result for a bound token. Then it would accept the token from others, without a proof.
 */
import { type AccessError, ConfigError, type TokenError } from '../../verify/index.ts'
import type { AuthorizerRequest } from './authorizer-request.ts'

/**
 * Checks that the authorizer has no identity sources. Without them, API Gateway caches nothing; with them, an event does not show
 * whether it does.
 * @throws {@link ConfigError} if the event shows any
 */
export function assertNotCached({ identity }: AuthorizerRequest): void {
  if (identity.sources.length === 0) return
  throw new ConfigError(
    '"dpop" and "mtls" need an authorizer whose results are not cached, and this one has identity sources: API Gateway would use the answer for a bound token for requests without its proof. Remove the identity sources, and set the time to live to 0',
  )
}

/** Whether the proof was rejected, or the certificate. The rightful sender may come with the same token at any time. */
export function isOfBinding({ code }: TokenError | AccessError): boolean {
  return code.startsWith('ERR_PROOF_') || code === 'ERR_CERTIFICATE_MISMATCH'
}
