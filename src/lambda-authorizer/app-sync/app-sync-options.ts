/**
 * The options of an authorizer for AppSync, read once at construction.
 */
import { readAccess } from '../../http-request/request-options.ts'
import {
  type CheckedAccessRule,
  notify,
  type OptionNames,
  REQUEST_CHANNEL,
  type RefusalExplainer,
  readExplainer,
  readFunction,
  readOptional,
  readOptions,
} from '../../verify/adapter-kit.ts'
import {
  type AccessRule,
  ConfigError,
  type JwtClaims,
  type VerifiedToken,
} from '../../verify/index.ts'
import type { AuthorizerContext } from '../authorizer-result.ts'
import { readUserFunction, type UserFunction } from '../util/user-function.ts'
import type { AppSyncEvent } from './app-sync-events.ts'

/** The options of an authorizer for AppSync. */
export interface AppSyncAuthorizerOptions<Claims = JwtClaims> {
  /** The rule that the token must meet. AppSync answers 401 otherwise. @defaultValue every verified token is accepted */
  readonly access?: AccessRule<Claims> | undefined
  /**
   * Makes the context for resolvers and handlers: strings, finite numbers, booleans and null. AppSync takes no objects and lists as
   * values, and no more than 5 MB.
   * @defaultValue `sub`, `client_id`, `username`, `scope`, `token_use`, and `jwt`: the claims as JSON in base64url, which
   * `claimsFromEvent` reads
   */
  readonly context?: ((verified: VerifiedToken<Claims>) => AuthorizerContext) | undefined
  /**
   * The GraphQL fields that are null for this caller: `Type.field`, or the ARN of a field. Event APIs have none.
   * Security: AppSync keeps this answer for the token, so return the same fields for the same token.
   * @defaultValue none
   */
  readonly deniedFields?: ((verified: VerifiedToken<Claims>) => readonly string[]) | undefined
  /**
   * For how many seconds AppSync may use an answer for the same token, at most 3600. An answer is never kept beyond the expiry of
   * the token, and a denial never.
   * Security: meanwhile, `access` and the verifier's `check` do not run, and a token that was revoked still passes.
   * @defaultValue 0: AppSync keeps no answer, whatever the API's own setting is
   */
  readonly ttlSeconds?: number | undefined
  /** Called if a request is rejected or fails, with the reason. Its errors are ignored. @defaultValue none */
  readonly onEvent?: ((event: AppSyncEvent) => void) | undefined
  /**
   * `explainer(verifier)` of `jwt-gate/explain`: in development, prints why a request is rejected. It changes no answer.
   * Security: it gets the token, so pass no function of your own that logs it.
   * @defaultValue nothing is printed
   */
  readonly explain?: RefusalExplainer | undefined
}

/** Validated options with all defaults applied. */
export interface AppSyncSettings {
  readonly access: CheckedAccessRule | undefined
  readonly context: UserFunction | undefined
  readonly deniedFields: UserFunction | undefined
  readonly ttlSeconds: number
  readonly emit: (event: AppSyncEvent) => void
  readonly explain: RefusalExplainer | undefined
}

const OPTIONS: OptionNames<AppSyncAuthorizerOptions> = {
  access: true,
  context: true,
  deniedFields: true,
  ttlSeconds: true,
  onEvent: true,
  explain: true,
}
const MAX_TTL_SECONDS = 3_600

/** @throws {@link ConfigError} that names the option that is wrong */
export function readAppSyncOptions(given: AppSyncAuthorizerOptions<never>): AppSyncSettings {
  const { access, context, deniedFields, ttlSeconds, onEvent, explain } = readOptions(
    'createAppSyncAuthorizer()',
    given,
    OPTIONS,
  )
  readFunction('onEvent', onEvent)
  return {
    access: readOptional(readAccess, 'access', access),
    context: readUserFunction('context', context),
    deniedFields: readUserFunction('deniedFields', deniedFields),
    ttlSeconds: readOptional(readTtl, 'ttlSeconds', ttlSeconds) ?? 0,
    emit: (event) => void notify(onEvent, event, REQUEST_CHANNEL),
    explain: readExplainer(explain),
  }
}

function readTtl(name: string, value: unknown): number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_TTL_SECONDS) {
    return value as number
  }
  throw new ConfigError(`"${name}" must be a whole number of seconds from 0 to ${MAX_TTL_SECONDS}`)
}
