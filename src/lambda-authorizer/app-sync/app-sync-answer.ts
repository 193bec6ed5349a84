/**
 * What AppSync gets for a verified token.
 */
import { isObject, isString } from '../../http-request/unknown-object.ts'
import { checkTimeOf, claimsSetOf, ignoreRejection, isBound } from '../../verify/adapter-kit.ts'
import { ConfigError, type VerifiedToken } from '../../verify/index.ts'
import { toDefaultContext } from '../answer/default-context.ts'
import type { AuthorizerContext } from '../authorizer-result.ts'
import { isOwnName, MARKED } from '../util/context-mark.ts'
import type { AppSyncApi, AppSyncResult } from './app-sync-events.ts'
import type { AppSyncSettings } from './app-sync-options.ts'

/** The quota of AppSync for the context. */
const MAX_CONTEXT_BYTES = 5 * 1_024 * 1_024

/** @throws {@link ConfigError} if a function of the user's returns something that AppSync does not accept */
export function answerAppSync(
  verified: VerifiedToken<unknown>,
  gateway: AppSyncApi,
  settings: AppSyncSettings,
): AppSyncResult {
  const context = toContext(verified, settings)
  const ttlOverride = toTtl(verified, settings.ttlSeconds)
  if (gateway === 'appsync-events') {
    return { isAuthorized: true, handlerContext: context, ttlOverride }
  }
  const deniedFields = toDeniedFields(verified, settings)
  return {
    isAuthorized: true,
    resolverContext: context,
    ...(deniedFields.length > 0 && { deniedFields }),
    ttlOverride,
  }
}

/** AppSync keeps no denial: a client may have a better token the next moment, or the same one after its `nbf`. */
export function denyAppSync(): AppSyncResult {
  return { isAuthorized: false, ttlOverride: 0 }
}

function toContext(
  verified: VerifiedToken<unknown>,
  { context }: AppSyncSettings,
): AuthorizerContext {
  // claims that a schema turned into something else than an object are not for AppSync
  const values =
    context === undefined ? (toDefaultContext(verified).whole ?? {}) : context(verified)
  if (!isObject(values) || values instanceof Promise || !Object.values(values).every(isScalar)) {
    ignoreRejection(values)
    throw new ConfigError(
      '"context" must return an object whose values are strings, finite numbers, booleans or null',
    )
  }
  const kept = context === undefined ? values : withoutOwnNames(values)
  if (Buffer.byteLength(JSON.stringify(kept)) <= MAX_CONTEXT_BYTES) {
    return kept as AuthorizerContext
  }
  throw new ConfigError('"context" must return at most 5 MB, which is the quota of AppSync')
}

/** A claim that is copied to such a name would pass for all claims in `claimsFromEvent`. */
function withoutOwnNames(values: object): object {
  const free = Object.entries(values).filter(([name]) => !isOwnName(name))
  const isLacking = free.length < Object.keys(values).length
  return { ...Object.fromEntries(free), ...(isLacking && MARKED) }
}

function isScalar(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  return value === null || value === undefined || isString(value) || typeof value === 'boolean'
}

function toDeniedFields(
  verified: VerifiedToken<unknown>,
  { deniedFields }: AppSyncSettings,
): string[] {
  if (deniedFields === undefined) return []
  const fields: unknown = deniedFields(verified)
  if (Array.isArray(fields) && fields.every((one) => isString(one) && one !== ''))
    return [...fields]
  ignoreRejection(fields)
  throw new ConfigError('"deniedFields" must return a list of fields, such as "Query.salary"')
}

/** An answer must not outlive the token. */
function toTtl(verified: VerifiedToken<unknown>, ttlSeconds: number): number {
  // the proof was for this request alone
  if (isBound(verified)) return 0
  const { exp } = claimsSetOf(verified)
  const left = Math.floor(Number(exp) - checkTimeOf(verified).seconds)
  // what a wrapped verifier returns may have no exp
  return left > 0 ? Math.min(ttlSeconds, left) : 0
}
