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
import {
  type CheckedAccessRule,
  readOptional,
  readOptions,
  readString,
} from '../verify/adapter-kit.ts'
import type { AccessRule, Verifier } from '../verify/index.ts'

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
  extends Omit<TokenRequestOptions<never>, 'getToken' | 'origin' | 'trustedCertificateHeader'> {
  /** The place of the token. @defaultValue `{ header: 'Authorization' }`; for `alb()`, its own header */
  readonly token?: EventTokenSource | undefined
  /** The rule that the token must meet, as for `requireAccess`. @defaultValue every verified token is accepted */
  readonly access?: AccessRule<Claims> | undefined
  /**
   * Scheme and host of this API as its clients see them, such as `https://api.example.com`, and the path that a custom domain maps
   * to it. For a verifier with `dpop`. Events of load balancers do not show it, so they need it for DPoP proofs; so does every API
   * behind another proxy.
   * @defaultValue the domain of the event, which API Gateway and function URLs set themselves
   */
  readonly origin?: string | undefined
  /**
   * The header in which a load balancer or proxy passes the client's certificate on, such as `X-Amzn-Mtls-Clientcert-Leaf`:
   * URL-encoded PEM, or as in RFC 9440. For a verifier with `mtls`.
   *
   * Security: anybody can send such a header. Name it only if every request passes through the proxy, and the proxy removes the
   * header that a client sends.
   * @defaultValue the certificate that API Gateway has verified
   */
  readonly trustedCertificateHeader?: string | undefined
}

/** Validated options with all defaults applied. */
export interface VerifyEventSettings extends TokenSourceSettings, TokenRequestSettings {
  readonly access: CheckedAccessRule | undefined
  /** Whether the developer has named a place. */
  readonly isPlaceGiven: boolean
}

/** API Gateway shows both. */
const HIDDEN = { origin: false, certificate: false }
const { getToken: _, ...OTHER_OPTIONS } = TOKEN_REQUEST_OPTIONS

/** @throws {@link ConfigError} that names the invalid option */
export function readVerifyEventOptions<Claims>(
  options: VerifyEventOptions<Claims>,
  verifier: Verifier<unknown>,
): VerifyEventSettings {
  const own = readOptions('verifyEvent()', options, { token: true, access: true, ...OTHER_OPTIONS })
  readOptional(readString, 'origin', own.origin)
  const settings = toTokenRequestSettings(own, verifier, HIDDEN)
  return {
    ...settings,
    ...readTokenSource(own.token, settings.dpop !== undefined),
    isPlaceGiven: own.token !== undefined,
    access: readOptional(readAccess, 'access', own.access),
  }
}
