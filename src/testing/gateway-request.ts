/**
 * A client's request to API Gateway, as a test describes it, and the conversion of its parts for events.
 */
import type { TestClaims } from './cognito-test-claims.ts'

/** Values by name. A list repeats the name. */
export type TestValues = Readonly<Record<string, string | readonly string[]>>

/** A client's request, for `createAuthorizerEvent`. */
export interface TestRequest {
  /** Adds the header `Authorization: Bearer <token>`. @defaultValue none */
  readonly token?: string | undefined
  /** Headers, with names as the client wrote them. HTTP APIs convert names to lower case. @defaultValue only `Host` */
  readonly headers?: TestValues | undefined
  /** Cookies, each as `name=value`. @defaultValue none */
  readonly cookies?: readonly string[] | undefined
  /** Query parameters, decoded. @defaultValue none */
  readonly query?: TestValues | undefined
  /** The HTTP method. @defaultValue `'GET'` */
  readonly method?: string | undefined
  /** The path as the client sent it, without the stage. @defaultValue `'/'` */
  readonly path?: string | undefined
  /** The path of the route, such as `/orders/{id}` or `/{proxy+}`. @defaultValue `path` */
  readonly resource?: string | undefined
  /** The stage of the API. @defaultValue `'$default'` for HTTP APIs, `'prod'` for the others */
  readonly stage?: string | undefined
  /** The route key of a WebSocket API, for handler events. @defaultValue `'$connect'` */
  readonly routeKey?: string | undefined
  /** The body of the request, for handler events. @defaultValue none */
  readonly body?: string | undefined
  /**
   * The identity sources of the authorizer of an HTTP API, as API Gateway's `IdentitySource` has them: such as
   * `['$request.header.Authorization', '$context.routeKey']`. Other events do not show them.
   * @defaultValue `['$request.header.Authorization']`, or none for a request without this header or with a DPoP proof
   */
  readonly identitySources?: readonly string[] | undefined
}

/** A request that an authorizer allowed, for `createHandlerEvent`. */
export interface TestHandlerRequest extends TestRequest {
  /** The context that the Lambda authorizer returned. @defaultValue none */
  readonly context?: Readonly<Record<string, unknown>> | null | undefined
  /** The `principalId` that the Lambda authorizer returned. @defaultValue `'user'` */
  readonly principalId?: string | undefined
  /** The claims of the token that API Gateway's own authorizer verified. @defaultValue none */
  readonly claims?: TestClaims | undefined
  /** The scopes of the token, if the route of an HTTP API requires scopes. @defaultValue null */
  readonly scopes?: readonly string[] | null | undefined
}

/** A name and all its values, in the order of the request. */
export type NamedValues = readonly [name: string, values: readonly string[]]

/** A request with all defaults applied. */
export interface GatewayRequest {
  readonly method: string
  readonly path: string
  readonly resource: string
  readonly stage: string
  readonly routeKey: string
  readonly headers: readonly NamedValues[]
  readonly cookies: readonly string[]
  readonly query: readonly NamedValues[]
  readonly pathParameters: Record<string, string>
}

/** The API that all events come from. */
export const API = {
  accountId: '123456789012',
  id: 'a1b2c3d4e5',
  domainName: 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com',
  arn: 'arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5',
} as const

/** Reads a test's description of a request. */
export function toGatewayRequest(request: TestRequest, defaultStage: string): GatewayRequest {
  const { method = 'GET', path = '/', stage = defaultStage, routeKey = '$connect' } = request
  const { resource = path, token, cookies = [] } = request
  const authorization: NamedValues[] =
    token === undefined ? [] : [['Authorization', [`Bearer ${token}`]]]
  return {
    method,
    path,
    resource,
    stage,
    routeKey,
    headers: [['Host', [API.domainName]], ...authorization, ...toNamedValues(request.headers)],
    cookies,
    query: toNamedValues(request.query),
    pathParameters: readParameters(resource, path),
  }
}

function toNamedValues(values: TestValues = {}): NamedValues[] {
  return Object.entries(values).map(([name, value]) => [name, [value].flat()])
}

/** The path parameters: the segment at `{name}`, or all segments from `{name+}`. */
function readParameters(resource: string, path: string): Record<string, string> {
  const segments = path.split('/')
  const parameters = resource.split('/').flatMap((segment, at) => {
    const [, name, plus] = /^\{([^+}]+)(\+?)\}$/.exec(segment) ?? []
    if (name === undefined) return []
    return [[name, plus ? segments.slice(at).join('/') : (segments[at] ?? '')] as const]
  })
  return Object.fromEntries(parameters)
}

/** Each name with all its values. */
export function toMulti(named: readonly NamedValues[]): Record<string, string[]> {
  const merged = new Map<string, string[]>()
  for (const [name, values] of named) merged.set(name, [...(merged.get(name) ?? []), ...values])
  return Object.fromEntries(merged)
}

/** Each name with the last of its values. */
export function toSingle(named: readonly NamedValues[]): Record<string, string> {
  return Object.fromEntries(named.map(([name, values]) => [name, values.at(-1) ?? '']))
}

/** Each name with its values joined with commas, as in payload format 2.0. */
export function toJoined(named: readonly NamedValues[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(toMulti(named)).map(([name, values]) => [name, values.join(',')]),
  )
}

/** The headers, with the cookies as a `Cookie` header. */
export function withCookieHeader({ headers, cookies }: GatewayRequest): readonly NamedValues[] {
  return cookies.length === 0 ? headers : [...headers, ['Cookie', [cookies.join('; ')]]]
}

/** The headers with lower-case names, as in events of HTTP APIs. */
export function toLowerCaseNames(headers: readonly NamedValues[]): NamedValues[] {
  return headers.map(([name, values]) => [name.toLowerCase(), values])
}

/** The path in events of HTTP APIs, which includes any stage except the default one. */
export function toStagePath({ stage, path }: GatewayRequest): string {
  return stage === '$default' ? path : `/${stage}${path}`
}

/** The query string as in the URL. */
export function toQueryString({ query }: GatewayRequest): string {
  const pairs = query.flatMap(([name, values]) =>
    values.map((value): [string, string] => [name, value]),
  )
  return new URLSearchParams(pairs).toString()
}
