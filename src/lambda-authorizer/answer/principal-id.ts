/**
 * The `principalId` of a result with a policy.
 */
import { claimsSetOf } from '../../verify/adapter-kit.ts'
import { ConfigError, type VerifiedToken } from '../../verify/index.ts'

/** The principal of a rejected request. Nothing from an unverified token is repeated. */
export const UNVERIFIED_PRINCIPAL = 'unverified'

/**
 * The return value of the user's function; without one, `sub`, otherwise `client_id`.
 * @throws {@link ConfigError} if that is not a non-empty string
 */
export function toPrincipalId(
  verified: VerifiedToken<unknown>,
  principalId: ((verified: VerifiedToken<unknown>) => unknown) | undefined,
): string {
  if (principalId !== undefined) {
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
