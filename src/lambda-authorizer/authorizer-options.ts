/**
 * The options of an authorizer, read once at construction.
 */
import type { EventPresentedSettings } from '../http-request/event-presented.ts'
import type { TokenSource } from '../http-request/event-token.ts'
import { readTokenSource, type TokenSourceSettings } from '../http-request/token-source.ts'
import {
  type Demands,
  demandsOf,
  notify,
  type OptionNames,
  REQUEST_CHANNEL,
  type RefusalExplainer,
  readChoice,
  readExplainer,
  readFunction,
  readName,
  readOptional,
  readOptions,
} from '../verify/adapter-kit.ts'
import {
  type AccessRule,
  ConfigError,
  type JwtClaims,
  type VerifiedToken,
  type Verifier,
} from '../verify/index.ts'
import {
  type RequestAccess,
  type RouteAccess,
  readRequestAccess,
  readRouteAccess,
  readStageAccess,
  type StageAccess,
} from './access/access-map.ts'
import type { AccessOption } from './access/ruled-routes.ts'
import type { AnswerMode, AnswerSettings, PolicyNames } from './answer/answer-settings.ts'
import { KnownPolicies } from './answer/known-policies.ts'
import type { AuthorizerEvent } from './authorizer-events.ts'
import type { AuthorizerContext, AuthorizerResponse } from './authorizer-result.ts'
import { readUserFunction } from './util/user-function.ts'

/** The options of an authorizer. */
export interface AuthorizerOptions<
  Claims = JwtClaims,
  Response extends AuthorizerResponse = AuthorizerResponse,
> {
  /** The place of the token. A request with several tokens is rejected. @defaultValue `{ header: 'Authorization' }` */
  readonly token?: TokenSource | undefined
  /**
   * The form of the result. `'simple'` is for HTTP APIs with payload format 2.0 whose authorizer has simple responses enabled.
   * With `'simple'`, any other event fails with 500.
   * Security: API Gateway may use a cached simple result for every route of the authorizer. So with `access`, the event must
   * show that `$context.routeKey` is an identity source, in addition to the place of the token. If it does not, clients get 500,
   * unless `policy` is `'request'`.
   * @defaultValue `'policy'`
   */
  readonly response?: Response | undefined
  /**
   * Rules by route: API Gateway's route keys (`GET /orders/{id}`, `ANY /admin/{proxy+}`, `$default`, `$connect`), each with its
   * rule. The most specific route applies. A request that matches no route is denied. API Gateway caches a policy per token and
   * reuses it for other routes, so each policy covers all routes of the map.
   * Security: paths are case-sensitive, as in API Gateway. A path that is not in normal form (`//admin`, `/x/../admin`,
   * `/%61dmin`, `/admin/`) could belong to any route. It is allowed only if the token may use all routes of the map.
   * @defaultValue a valid token is allowed everything on this API and stage
   */
  readonly access?: Readonly<Record<string, AccessRule<Claims>>> | undefined
  /**
   * `true`: a policy allows only requests that match a route of `access`. A map for which that is impossible is rejected at
   * start-up.
   * Security: with `false`, a policy may also allow requests that match no route, because IAM's `*` also matches slashes. That
   * is safe only if `access` lists every route of the API.
   * @defaultValue true
   */
  readonly exact?: boolean | undefined
  /**
   * `'stage'`: one policy for all routes. `'request'`: a result for the one request.
   * Security: use `'request'` only if API Gateway does not cache the results of this authorizer, if a REST API caches them by
   * `context.httpMethod` and `context.path`, or if simple responses are cached by `$context.routeKey`. Otherwise API Gateway uses
   * a simple result for one route for all others, and a policy denies the other routes.
   * @defaultValue `'stage'`
   */
  readonly policy?: 'stage' | 'request' | undefined
  /**
   * The result for a missing or invalid token. `'throw'`: an error with the message `Unauthorized`. REST and WebSocket APIs
   * respond with 401, and Lambda counts it as a failed invocation. `'deny'`: 403, which does not show a client that its token is
   * invalid. A client that refreshes its token on 401 will not do so. API Gateway caches a Deny like an Allow.
   * @defaultValue `'throw'` for REST and WebSocket APIs; `'deny'` for HTTP APIs, because AWS does not document their response to
   * an error
   */
  readonly unauthorized?: 'throw' | 'deny' | undefined
  /**
   * Makes the context for the integration. It replaces the default one, so `claimsFromEvent` returns only these values. Values
   * that API Gateway would not accept are dropped: values that are not scalars, names that API Gateway uses itself, and the
   * largest values if the result would be over 8 KB. The names `jwt` and `jwtPartial` have a special meaning, so they are dropped
   * too: otherwise a claim with such a name, copied into a context, would replace all claims.
   * Security: if a value was dropped, except for a name that API Gateway uses itself, the context has the mark `jwtPartial`, and
   * `claimsFromEvent` throws `ERR_CLAIMS_PARTIAL`. Otherwise users could switch off a rule by making a claim large.
   * @defaultValue `sub`, `client_id`, `username`, `scope`, `token_use`, and `jwt`: the claims as JSON in base64url, which
   * `claimsFromEvent` reads
   */
  readonly context?: ((verified: VerifiedToken<Claims>) => AuthorizerContext) | undefined
  /** Returns the `principalId` of a policy, a non-empty string. @defaultValue `sub`, otherwise `client_id`, otherwise `azp` */
  readonly principalId?: ((verified: VerifiedToken<Claims>) => string) | undefined
  /**
   * Returns the value of the API key by which a usage plan counts and throttles the caller, or `undefined` for none. The API's
   * source for keys must be `AUTHORIZER`. REST and WebSocket APIs have usage plans; results for HTTP APIs are without the key.
   * Security: API Gateway uses a cached result for every request with the same token, so return the same key for the same token.
   * @defaultValue no key
   */
  readonly usageIdentifierKey?:
    | ((verified: VerifiedToken<Claims>) => string | undefined)
    | undefined
  /**
   * The path of the API mapping, such as `/v1`, if a custom domain maps one to this API. Used for the URL of DPoP proofs: not all
   * events show it.
   * @defaultValue the API is mapped to the root of its domain, or has none
   */
  readonly basePath?: string | undefined
  /**
   * The header in which a proxy passes the client's certificate on: URL-encoded PEM, or as in RFC 9440. For a verifier with `mtls`.
   *
   * Security: anybody can send such a header. Name it only if every request passes through the proxy, and the proxy removes the
   * header that a client sends.
   * @defaultValue the certificate that API Gateway has verified
   */
  readonly trustedCertificateHeader?: string | undefined
  /** Called if a request is rejected or fails, with the reason, and if values are dropped. Its errors are ignored. */
  readonly onEvent?: ((event: AuthorizerEvent) => void) | undefined
  /**
   * `explainer(verifier)` of `jwt-gate/explain`: in development, prints why a request is rejected. It changes no response.
   * Security: it gets the token and the event, so pass no function of your own that logs them.
   * @defaultValue nothing is printed
   */
  readonly explain?: RefusalExplainer | undefined
}

/** The settings of an authorizer, with all defaults. */
export type AuthorizerSettings = AnswerSettings & RequestSettings

interface RequestSettings extends TokenSourceSettings, Omit<EventPresentedSettings, 'token'> {
  /** What the verifier asks for besides the token. */
  readonly demands: Demands | undefined
  /** `undefined`: depends on the kind of API. */
  readonly unauthorized: 'throw' | 'deny' | undefined
  readonly explain: RefusalExplainer | undefined
  readonly emit: (event: AuthorizerEvent) => void
}

const OPTIONS: OptionNames<AuthorizerOptions> = {
  token: true,
  response: true,
  access: true,
  exact: true,
  policy: true,
  unauthorized: true,
  context: true,
  principalId: true,
  usageIdentifierKey: true,
  basePath: true,
  trustedCertificateHeader: true,
  onEvent: true,
  explain: true,
}

/** @throws {@link ConfigError} that names the option that is wrong */
export function readAuthorizerOptions(
  given: AuthorizerOptions<never>,
  verifier: Verifier<never>,
): AuthorizerSettings {
  const options = readOptions('createAuthorizer()', given, OPTIONS)
  const onEvent = readFunction('onEvent', options.onEvent)
  const demands = demandsOf(verifier as Verifier<unknown>)
  return {
    ...readTokenSource(options.token, demands?.dpop !== undefined),
    ...readMode(options),
    ...readPresentedOptions(options, demands),
    demands,
    unauthorized: readChoice('unauthorized', options.unauthorized, ['throw', 'deny'] as const),
    toContext: readUserFunction('context', options.context),
    emit: (event) => void notify(onEvent, event, REQUEST_CHANNEL),
    explain: readExplainer(options.explain),
  }
}

function readMode(options: AuthorizerOptions<never>): AnswerMode {
  const response = readChoice('response', options.response, ['policy', 'simple'] as const)
  const policy = readChoice('policy', options.policy, ['stage', 'request'] as const) ?? 'stage'
  const exact = readChoice('exact', options.exact, [true, false] as const) ?? true
  const names = readNames(options)
  const { access } = options
  const readAccess = <Access>(read: (option: AccessOption) => Access): Access | undefined =>
    access === undefined ? undefined : read(access)
  if (response === 'simple') {
    assertNoUsageKey(names)
    const read = policy === 'request' ? readRequestAccess : readRouteAccess
    return { response, access: readAccess<RequestAccess | RouteAccess>(read) }
  }
  if (policy === 'request') {
    return { response: 'policy', policy, access: readAccess(readRequestAccess), ...names }
  }
  const read = (option: AccessOption): StageAccess => readStageAccess(option, exact)
  const known = new KnownPolicies()
  return { response: 'policy', policy, access: readAccess(read), known, ...names }
}

function readNames(options: AuthorizerOptions<never>): PolicyNames {
  const { principalId, usageIdentifierKey } = options
  return {
    principalId: readUserFunction('principalId', principalId),
    usageIdentifierKey: readUserFunction('usageIdentifierKey', usageIdentifierKey),
  }
}

function assertNoUsageKey({ usageIdentifierKey }: PolicyNames): void {
  if (usageIdentifierKey === undefined) return
  throw new ConfigError(
    '"usageIdentifierKey" is for policies: "response" is "simple", and HTTP APIs have no usage plans',
  )
}

const BASE_PATH = /^(?:\/[\w.~$-]+)+$/

function readPresentedOptions(
  { basePath, trustedCertificateHeader }: AuthorizerOptions<never>,
  demands: Demands | undefined,
): Omit<EventPresentedSettings, 'token'> {
  if (basePath !== undefined && !BASE_PATH.test(basePath)) {
    throw new ConfigError('"basePath" must be a path without a slash at its end, such as /v1')
  }
  const header = readOptional(readName, 'trustedCertificateHeader', trustedCertificateHeader)
  if (header !== undefined && !demands?.mtls) {
    throw new ConfigError(
      '"trustedCertificateHeader" has no effect without "mtls": set it in the options of createVerifier()',
    )
  }
  return { host: undefined, basePath, certificateHeader: header?.toLowerCase() }
}
