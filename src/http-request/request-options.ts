/**
 * The options of everything that verifies the token of a request: validated, with the defaults applied.
 */
import {
  type CheckedAccessRule,
  type OptionNames,
  readAccessRule,
  readFunction,
  readOptional,
  readOptions,
  readString,
} from '../verify/adapter-kit.ts'
import { type AccessRule, ConfigError, type Verifier } from '../verify/index.ts'
import { DEFAULT_CHALLENGE } from './http-error.ts'
import {
  type Hidden,
  type PresentedOptions,
  type PresentedSettings,
  readPresentedOptions,
} from './presented.ts'
import type { RequestEvent, RequestSettings } from './request-events.ts'

/** The options that `requireJwt` and `verifyRequest` share. */
export interface TokenRequestOptions<Req> extends PresentedOptions<Req> {
  /**
   * Returns the token of a request, or a promise for it; `undefined` if the request has none. See `headerToken` and `cookieToken`.
   *
   * Security: a token from a cookie needs CSRF protection. A URL with a token ends up in logs (RFC 6750 s5.3).
   * @defaultValue the bearer token of the `Authorization` header (RFC 6750 s2.1)
   */
  readonly getToken?:
    | ((req: Req) => string | undefined | PromiseLike<string | undefined>)
    | undefined
  /** The `realm` of every `WWW-Authenticate` header (RFC 9110 s11.5). Printable ASCII. @defaultValue `'api'` */
  readonly realm?: string | undefined
  /** The URL of this resource's metadata, included in every `WWW-Authenticate` header (RFC 9728 s5.1). @defaultValue omitted */
  readonly resourceMetadataUrl?: string | undefined
  /**
   * Receives an event for every rejected request, also of the `requireAccess` that follows. Errors that it throws or rejects with
   * are ignored. @defaultValue none
   */
  readonly onEvent?: ((event: RequestEvent) => void) | undefined
}

/** The options of `verifyRequest`. */
export interface VerifyRequestOptions<Req, Claims = unknown> extends TokenRequestOptions<Req> {
  /**
   * The rule that the token must meet, as for `requireAccess`.
   * @defaultValue every verified token is accepted
   */
  readonly access?: AccessRule<Claims> | undefined
}

/** Validated options with all defaults applied. */
export interface TokenRequestSettings extends RequestSettings {
  /** `undefined`: the bearer token. */
  readonly getToken:
    | ((req: never) => string | undefined | PromiseLike<string | undefined>)
    | undefined
  /** `undefined`: nothing is read besides the token. */
  readonly presented: PresentedSettings | undefined
}

/** Validated options of `verifyRequest` with all defaults applied. */
export interface VerifyRequestSettings extends TokenRequestSettings {
  readonly access: CheckedAccessRule | undefined
}

export const TOKEN_REQUEST_OPTIONS: OptionNames<TokenRequestOptions<never>> = {
  getToken: true,
  realm: true,
  resourceMetadataUrl: true,
  onEvent: true,
  origin: true,
  trustedCertificateHeader: true,
}
const PRINTABLE = /^[\x20-\x7e]+$/

/** @throws {@link ConfigError} that names the invalid option */
export function readVerifyRequestOptions<Req, Claims>(
  options: VerifyRequestOptions<Req, Claims>,
  verifier: Verifier<unknown>,
  hidden: Hidden,
): VerifyRequestSettings {
  const own = readOptions('verifyRequest()', options, { access: true, ...TOKEN_REQUEST_OPTIONS })
  return {
    ...toTokenRequestSettings(own, verifier, hidden),
    access: readOptional(readAccess, 'access', own.access),
  }
}

export function readAccess(name: string, rule: unknown): CheckedAccessRule {
  return readAccessRule(rule as AccessRule<never>, name)
}

export function toTokenRequestSettings<Req>(
  options: TokenRequestOptions<Req>,
  verifier: Verifier<unknown>,
  hidden: Hidden,
): TokenRequestSettings {
  const { getToken, realm, resourceMetadataUrl, onEvent } = options
  const presented = readPresentedOptions(options, verifier, hidden)
  return {
    // it gets the request that the caller has passed
    getToken: readFunction('getToken', getToken as TokenRequestSettings['getToken']),
    realm: realm === undefined ? DEFAULT_CHALLENGE.realm : readRealm(realm),
    resourceMetadataUrl:
      resourceMetadataUrl === undefined ? undefined : readUrl(resourceMetadataUrl),
    onEvent: readFunction('onEvent', onEvent),
    presented,
    dpop: presented?.dpop,
  }
}

/** RFC 9110 s5.6.4: in a quoted string, quotes and backslashes are escaped with a backslash. */
function readRealm(realm: unknown): string {
  const text = readString('realm', realm)
  if (!PRINTABLE.test(text)) throw new ConfigError('"realm" must be printable ASCII')
  return text.replaceAll(/["\\]/g, '\\$&')
}

function readUrl(url: unknown): string {
  const text = readString('resourceMetadataUrl', url)
  if (!URL.canParse(text)) throw new ConfigError('"resourceMetadataUrl" must be a URL')
  const { href, protocol } = new URL(text)
  if (protocol !== 'https:' && protocol !== 'http:') {
    throw new ConfigError('"resourceMetadataUrl" must be an http or https URL')
  }
  // not allowed in a quoted string; a host may contain a quote, and a query a backslash
  return href.replaceAll(/["\\]/g, encodeURIComponent)
}
