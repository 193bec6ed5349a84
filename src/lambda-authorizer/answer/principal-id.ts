/**
 * Who a result with a policy is for: its `principalId`, and its `usageIdentifierKey`.
 */
import { isString } from '../../http-request/unknown-object.ts'
import { claimsSetOf, ignoreRejection } from '../../verify/adapter-kit.ts'
import { ConfigError, type VerifiedToken } from '../../verify/index.ts'
import type { AuthorizerGateway } from '../authorizer-events.ts'
import type { UserFunction } from '../util/user-function.ts'

/** The principal of a rejected request. Nothing from an unverified token is repeated. */
export const UNVERIFIED_PRINCIPAL = 'unverified'

/**
 * The return value of the user's function; without one, `sub`, otherwise `client_id`, otherwise `azp`.
 * @throws {@link ConfigError} if that is not a non-empty string
 */
export function toPrincipalId(
  verified: VerifiedToken<unknown>,
  principalId: UserFunction | undefined,
): string {
  if (principalId !== undefined) return toName('principalId', principalId(verified))
  const { sub, client_id: clientId, azp } = claimsSetOf(verified)
  const name = [sub, clientId, azp].find(isName)
  if (name !== undefined) return name
  throw new ConfigError('A token has neither sub nor client_id nor azp: set "principalId"')
}

/**
 * The key of a usage plan, which HTTP APIs do not have.
 * @throws {@link ConfigError} if the user's function returns anything but `undefined` or a non-empty string
 */
export function toUsage(
  verified: VerifiedToken<unknown>,
  gateway: AuthorizerGateway,
  toKey: UserFunction | undefined,
): { usageIdentifierKey?: string } {
  if (gateway === 'http-1.0' || gateway === 'http-2.0') return {}
  const key = toKey?.(verified)
  return key === undefined ? {} : { usageIdentifierKey: toName('usageIdentifierKey', key) }
}

function toName(option: string, given: unknown): string {
  if (isName(given)) return given
  ignoreRejection(given)
  throw new ConfigError(`"${option}" must return a non-empty string`)
}

function isName(value: unknown): value is string {
  return isString(value) && value !== ''
}
