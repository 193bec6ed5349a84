/**
 * Whom an answer with a policy is about.
 */
import { claimsSetOf } from '../../verify/adapter-kit.ts'
import { ConfigError, type VerifiedToken } from '../../verify/index.ts'

/** Names a caller whose token did not pass, so that nothing of it is repeated. */
export const UNVERIFIED_PRINCIPAL = 'unverified'

/**
 * What the user's function answers, or `sub`, else `client_id`.
 * @throws {@link ConfigError} where neither gives a name
 */
export function toPrincipalId(
  verified: VerifiedToken<unknown>,
  principalId: ((verified: VerifiedToken<unknown>) => unknown) | undefined,
): string {
  if (principalId) {
    const given = principalId(verified)
    if (isName(given)) return given
    throw new ConfigError('"principalId" must return a non-empty string')
  }
  const { sub, client_id: clientId } = claimsSetOf(verified)
  const name = [sub, clientId].find(isName)
  if (name !== undefined) return name
  throw new ConfigError('A token has neither sub nor client_id: set "principalId"')
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
