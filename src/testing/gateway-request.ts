/**
 * The request that a client sent to API Gateway, as a test describes it, and the forms that its parts take in events.
 */
import type { TestClaims } from './cognito-test-claims.ts'

/** One value, or several of the same name. */
export type TestValues = Readonly<Record<string, string | readonly string[]>>

/** What may be said of a request. */
export interface TestRequest {
  /** Adds the header `Authorization: Bearer <token>`. */
  readonly token?: string | undefined
  /** Header names as the client wrote them; HTTP APIs make them lower case. */
  readonly headers?: TestValues | undefined
  /** Cookies, each as `name=value`. */
  readonly cookies?: readonly string[] | undefined
  /** Query parameters, decoded. */
  readonly query?: TestValues | undefined
  /** @defaultValue `'GET'` */
  readonly method?: string | undefined
  /** The path as the client sent it, without the stage. @defaultValue `'/'` */
  readonly path?: string | undefined
  /** The path of the route, such as `/orders/{id}` or `/{proxy+}`. @defaultValue `path` */
  readonly resource?: string | undefined
  /** @defaultValue `'$default'` for HTTP APIs, `'prod'` for the others */
  readonly stage?: string | undefined
  /** The route of a WebSocket API that a handler is called for. @defaultValue `'$connect'` */
  readonly routeKey?: string | undefined
}

/** What may be said of a request that an authorizer let pass. */
export interface TestHandlerRequest extends TestRequest {
  /** The context that a Lambda authorizer answered. @defaultValue none */
  readonly context?: Readonly<Record<string, unknown>> | null | undefined
  /** @defaultValue `'user'` */
  readonly principalId?: string | undefined
  /** The claims of the token that API Gateway's own authorizer verified. @defaultValue none */
  readonly claims?: TestClaims | undefined
  /** The scopes of the token, where the route of an HTTP API asks for some. @defaultValue null */
  readonly scopes?: readonly string[] | null | undefined
  /** @defaultValue none */
  readonly body?: string | undefined
}

/** A name and all its values, in the order in which they were sent. */
export type NamedValues = readonly [name: string, values: readonly string[]]

/** A request with nothing left to be decided. */
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

/** What stands in the path where the route has `{name}`, or from `{name+}` on. */
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

/** Each name with its values joined with commas, as payload format 2.0 has them. */
export function toJoined(named: readonly NamedValues[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(toMulti(named)).map(([name, values]) => [name, values.join(',')]),
  )
}

/** Headers with cookies among them. */
export function withCookieHeader({ headers, cookies }: GatewayRequest): readonly NamedValues[] {
  return cookies.length === 0 ? headers : [...headers, ['Cookie', [cookies.join('; ')]]]
}

/** Headers in lower case, as HTTP APIs have them. */
export function toLowerCaseNames(headers: readonly NamedValues[]): NamedValues[] {
  return headers.map(([name, values]) => [name.toLowerCase(), values])
}

/** The path that HTTP APIs see: a stage other than the default one is a part of it. */
export function toStagePath({ stage, path }: GatewayRequest): string {
  return stage === '$default' ? path : `/${stage}${path}`
}

/** The query as it stood in the URL. */
export function toQueryString({ query }: GatewayRequest): string {
  const pairs = query.flatMap(([name, values]) =>
    values.map((value): [string, string] => [name, value]),
  )
  return new URLSearchParams(pairs).toString()
}
