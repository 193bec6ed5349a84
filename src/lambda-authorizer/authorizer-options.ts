/**
 * The options of an authorizer, read once and made complete.
 */
import {
  notify,
  readChoice,
  readFunction,
  readName,
  readOptional,
  readOptions,
  readString,
  readStrings,
} from '../verify/adapter-kit.ts'
import {
  type AccessRule,
  ConfigError,
  type JwtClaims,
  type VerifiedToken,
} from '../verify/index.ts'
import { type AccessMap, readAccessMap } from './access/access-map.ts'
import { toDefaultContext } from './answer/default-context.ts'
import type { AuthorizerEvent } from './authorizer-events.ts'
import type { AuthorizerContext, AuthorizerResponse } from './authorizer-result.ts'
import { TOKEN_PLACES, type TokenPlaces, type TokenSource } from './request/authorizer-token.ts'

/** What may be set for an authorizer. */
export interface AuthorizerOptions<
  Claims = JwtClaims,
  Response extends AuthorizerResponse = AuthorizerResponse,
> {
  /** Where the token is; a request with more than one is refused. @defaultValue `{ header: 'Authorization' }` */
  readonly token?: TokenSource | undefined
  /**
   * The form of the answer. `'simple'` is for HTTP APIs with payload format 2.0 whose authorizer has simple responses
   * enabled; any other event then fails with 500.
   * Security: API Gateway keeps a simple answer for every route that uses the authorizer. With `access`, the event has to
   * show that `$context.routeKey` is an identity source, beside the place of the token; where it does not, the answer is
   * 500, unless `policy` is `'request'`.
   * @defaultValue `'policy'`
   */
  readonly response?: Response | undefined
  /**
   * Who may use which route: API Gateway's route keys (`GET /orders/{id}`, `ANY /admin/{proxy+}`, `$default`,
   * `$connect`), each with its rule. The most specific one counts, and what no route matches is denied. Every answer says
   * what holds for all routes, so that it is right wherever API Gateway uses it again.
   * Security: paths are case-sensitive, as in API Gateway. A path that is not in normal form (`//admin`, `/x/../admin`,
   * `/%61dmin`, `/admin/`) could be any route's, and is allowed only if the token may use all routes of the map.
   * @defaultValue a good token is allowed everything on this API and stage
   */
  readonly access?: Readonly<Record<string, AccessRule<Claims>>> | undefined
  /**
   * Whether a policy may allow nothing that no route of `access` matches.
   * Security: with `false`, requests that match no route may be allowed, because IAM's `*` crosses slashes: `access`
   * then has to list every route of the API.
   * @defaultValue true
   */
  readonly exact?: boolean | undefined
  /**
   * `'request'` answers for the one request alone.
   * Security: only for APIs that keep no answers of this authorizer, for REST APIs that keep them by `context.httpMethod` and
   * `context.path`, and for simple responses that are kept by `$context.routeKey`; otherwise a simple answer for one route is
   * used for all others, and a policy refuses them.
   * @defaultValue `'stage'`: one policy for all routes
   */
  readonly policy?: 'stage' | 'request' | undefined
  /**
   * What a missing or invalid token gets. `'throw'`: an error whose message is `Unauthorized`, which REST and WebSocket
   * APIs answer with 401, and which Lambda counts as an error of the function. `'deny'`: 403, which tells a client
   * nothing about its token: one that refreshes its token on 401 will not do so. API Gateway keeps a Deny like an Allow.
   * @defaultValue `'throw'` for REST and WebSocket APIs; `'deny'` for HTTP APIs, whose answer to a throw AWS does not
   * document
   */
  readonly unauthorized?: 'throw' | 'deny' | undefined
  /**
   * The context that the integration gets. What API Gateway would not take is dropped: values that are not scalars, the
   * names that it uses itself, and the largest ones if the answer would be over 8 KB. So are `jwt` and `jwtPartial`, which
   * have a meaning of their own: otherwise a claim of that name, copied into a context, would become all claims.
   * Security: a context that lost anything but API Gateway's own names says so in `jwtPartial`, and `claimsFromEvent` throws
   * `ERR_CLAIMS_PARTIAL`: otherwise users could switch a rule off by making a claim large.
   * @defaultValue `sub`, `client_id`, `username`, `scope`, `token_use`, and `jwt`, the claims as a JSON string, which
   * `claimsFromEvent` reads
   */
  readonly context?: ((verified: VerifiedToken<Claims>) => AuthorizerContext) | undefined
  /** Whom the answer is about, as a non-empty string. @defaultValue `sub`, else `client_id` */
  readonly principalId?: ((verified: VerifiedToken<Claims>) => string) | undefined
  /** Told why a request was refused, why nothing could be decided, and what was left out. What it throws is ignored. */
  readonly onEvent?: ((event: AuthorizerEvent) => void) | undefined
}

/** Options with nothing left to be decided. */
export interface AuthorizerSettings {
  readonly token: TokenPlaces
  /** Whose pages may use the cookie; `undefined`: everybody's. */
  readonly origins: ReadonlySet<string> | undefined
  readonly response: AuthorizerResponse
  /** `undefined`: as the kind of API suggests. */
  readonly unauthorized: 'throw' | 'deny' | undefined
  readonly access: AccessMap | undefined
  readonly policy: 'stage' | 'request'
  readonly toContext: (verified: VerifiedToken<unknown>) => unknown
  readonly principalId: ((verified: VerifiedToken<unknown>) => unknown) | undefined
  readonly emit: (event: AuthorizerEvent) => void
}

const OPTIONS = [
  'token',
  'response',
  'access',
  'exact',
  'policy',
  'unauthorized',
  'context',
  'principalId',
  'onEvent',
]
const TOKEN_OPTIONS = [...TOKEN_PLACES, 'origins']

/** @throws {@link ConfigError} that names the option that is wrong */
export function readAuthorizerOptions(given: AuthorizerOptions<never>): AuthorizerSettings {
  const options = readOptions('options', given, OPTIONS)
  const { context, principalId, onEvent } = options
  readFunction('onEvent', onEvent)
  const response = readChoice('response', options.response, ['policy', 'simple'] as const)
  const policy = readChoice('policy', options.policy, ['stage', 'request'] as const) ?? 'stage'
  return {
    ...readTokenSource(options.token),
    response: response ?? 'policy',
    access: readAccess(options, policy),
    policy,
    unauthorized: readChoice('unauthorized', options.unauthorized, ['throw', 'deny'] as const),
    toContext:
      readFunction('context', context as AuthorizerSettings['toContext'] | undefined) ??
      toDefaultContext,
    principalId: readFunction('principalId', principalId as AuthorizerSettings['principalId']),
    emit: (event) => void notify(onEvent, event),
  }
}

function readAccess(
  { access, exact, response }: AuthorizerOptions<never>,
  policy: 'stage' | 'request',
): AccessMap | undefined {
  const isExact = readChoice('exact', exact, [true, false] as const) ?? true
  if (access === undefined) return undefined
  if (policy === 'request') return readAccessMap(access, { scope: 'request' })
  if (response === 'simple') return readAccessMap(access, { scope: 'route' })
  return readAccessMap(access, { scope: isExact ? 'stage' : 'listed routes' })
}

function readTokenSource(
  source: TokenSource = { header: 'Authorization' },
): Pick<AuthorizerSettings, 'token' | 'origins'> {
  const own = readOptions('token', source, TOKEN_OPTIONS)
  const { header, cookie, query, subprotocol, origins } = own
  const token = {
    header: readOptional(readName, 'token.header', header),
    cookie: readOptional(readName, 'token.cookie', cookie),
    query: readOptional(readString, 'token.query', query),
    subprotocol: readOptional(readName, 'token.subprotocol', subprotocol),
  }
  if (Object.values(token).every((name) => name === undefined)) {
    throw new ConfigError(`"token" must have one of: ${TOKEN_PLACES.join(', ')}`)
  }
  if (origins !== undefined && cookie === undefined) {
    throw new ConfigError('"token.origins" is for a cookie: set "token.cookie", or leave it out')
  }
  return { token, origins: readOptional(readOrigins, 'token.origins', origins) }
}

/** As browsers write them into `Origin` (RFC 6454 s6.2). @throws {@link ConfigError} for anything else */
function readOrigins(name: string, value: unknown): ReadonlySet<string> {
  const origins = readStrings(name, value)
  if (origins.every((one) => URL.canParse(one) && new URL(one).origin === one)) {
    return new Set(origins)
  }
  throw new ConfigError(
    `"${name}" must be origins as browsers send them: https://app.example.com, in lower case, without a path, a slash at the end or a default port`,
  )
}
