/**
 * Reads the options of `verifyEvent`.
 */
import type { TokenSource } from '../http-request/event-token.ts'
import {
  readAccess,
  TOKEN_REQUEST_OPTIONS,
  type TokenRequestOptions,
  type TokenRequestSettings,
  toTokenRequestSettings,
} from '../http-request/request-options.ts'
import { readTokenSource, type TokenSourceSettings } from '../http-request/token-source.ts'
import { type CheckedAccessRule, readOptional, readOptions } from '../verify/adapter-kit.ts'
import type { AccessRule } from '../verify/index.ts'

/** The places where a token may be. If several are given, a request may use only one of them. */
export interface EventTokenSource extends Omit<TokenSource, 'origins'> {
  /**
   * The origins whose pages may use the cookie, such as `https://app.example.com`. A request with another `Origin` is denied with
   * `ERR_ACCESS_DENIED`. One without `Origin` is accepted if it is a GET, HEAD or OPTIONS, or if the browser says that it comes
   * from the API's own origin. A WebSocket `$connect` never counts as a GET.
   * @defaultValue the request's own host (`Host`), under the rules of `cookieToken` for Express
   */
  readonly origins?: string | readonly string[] | undefined
}

/** The options of `verifyEvent`. */
export interface VerifyEventOptions<Claims = unknown>
  extends Omit<TokenRequestOptions<never>, 'getToken'> {
  /** The place of the token. @defaultValue `{ header: 'Authorization' }`; for `alb()`, its own header */
  readonly token?: EventTokenSource | undefined
  /** The rule that the token must meet, as for `requireAccess`. @defaultValue every verified token is accepted */
  readonly access?: AccessRule<Claims> | undefined
}

/** Validated options with all defaults applied. */
export interface VerifyEventSettings extends TokenSourceSettings, TokenRequestSettings {
  readonly access: CheckedAccessRule | undefined
  /** Whether the developer has named a place. */
  readonly isPlaceGiven: boolean
}

const { getToken: _, ...OTHER_OPTIONS } = TOKEN_REQUEST_OPTIONS

/** @throws {@link ConfigError} that names the invalid option */
export function readVerifyEventOptions<Claims>(
  options: VerifyEventOptions<Claims>,
): VerifyEventSettings {
  const own = readOptions('options', options, { token: true, access: true, ...OTHER_OPTIONS })
  return {
    ...toTokenRequestSettings(own),
    ...readTokenSource(own.token),
    isPlaceGiven: own.token !== undefined,
    access: readOptional(readAccess, 'access', own.access),
  }
}
