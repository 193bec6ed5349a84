/**
 * The values of the identity sources of an HTTP API's authorizer. Its events show these values, without their names.
 */
import { ConfigError } from '../verify/index.ts'
import {
  type GatewayRequest,
  type NamedValues,
  toJoined,
  toLowerCaseNames,
  toStagePath,
  withCookieHeader,
} from './gateway-request.ts'
import { toRouteKey } from './gateway-request-context.ts'

const EXPRESSION = /^\$(request\.header|request\.querystring|context)\.(.+)$/

/**
 * @param expressions - the identity sources as in the authorizer's configuration
 * @throws `ConfigError` for an expression that HTTP APIs do not have
 * @throws `Error` if the request lacks one of them: API Gateway would not call the authorizer
 */
export function toIdentitySource(
  request: GatewayRequest,
  expressions: readonly string[] | undefined,
): string[] {
  if (expressions === undefined) return toDefault(request)
  if (!Array.isArray(expressions)) throw new ConfigError('"identitySources" must be a list')
  return expressions.map((expression) => {
    const value = readValue(request, expression)
    if (value) return value
    throw new Error(
      `API Gateway returns 401 and does not call the authorizer: the request lacks ${expression}, which is one of "identitySources"`,
    )
  })
}

/** `Authorization`, if the client sent it. An API that takes DPoP proofs has no identity source, so that no result is cached. */
function toDefault(request: GatewayRequest): string[] {
  const headers = toHeaders(request)
  const { authorization } = headers
  return authorization === undefined || 'dpop' in headers ? [] : [authorization]
}

function readValue(request: GatewayRequest, expression: string): string | undefined {
  const [, place, name = ''] = EXPRESSION.exec(expression) ?? []
  if (place === 'request.header') return toHeaders(request)[name.toLowerCase()]
  if (place === 'request.querystring') return toJoined(request.query)[name]
  const context = toContext(request)
  if (place === 'context' && Object.hasOwn(context, name)) return context[name]
  const names = Object.keys(context).map((one) => `$context.${one}`)
  throw new ConfigError(
    `"identitySources" must be a list of $request.header.NAME, $request.querystring.NAME, ${names.join(', ')}`,
  )
}

function toHeaders(request: GatewayRequest): Record<string, string> {
  const headers: readonly NamedValues[] = withCookieHeader(request)
  return toJoined(toLowerCaseNames(headers))
}

function toContext(request: GatewayRequest): Record<string, string> {
  const { method, stage } = request
  return { routeKey: toRouteKey(request), httpMethod: method, path: toStagePath(request), stage }
}
