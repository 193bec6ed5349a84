/**
 * Builds the events of load balancers and function URLs.
 */
import type { ALBEvent } from 'aws-lambda'
import type { HandlerEvents } from './gateway-events.ts'
import {
  type NamedValues,
  type TestHandlerRequest,
  toGatewayRequest,
  toLowerCaseNames,
  toMulti,
  toSingle,
  withCookieHeader,
} from './gateway-request.ts'

const TARGET_GROUP =
  'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef'
const URL_ID = 'a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6'
const URL_DOMAIN = `${URL_ID}.lambda-url.eu-west-1.on.aws`

/** A load balancer writes the names of headers in lower case, and leaves the query encoded. */
export function toAlbEvent(given: TestHandlerRequest, isMultiValue: boolean): ALBEvent {
  const request = toGatewayRequest(given, '')
  const headers = toLowerCaseNames(withCookieHeader(request))
  const query = request.query.map(
    ([name, values]): NamedValues => [name, values.map(encodeURIComponent)],
  )
  return {
    requestContext: { elb: { targetGroupArn: TARGET_GROUP } },
    httpMethod: request.method,
    path: request.path,
    ...(isMultiValue
      ? { multiValueQueryStringParameters: toMulti(query), multiValueHeaders: toMulti(headers) }
      : { queryStringParameters: toSingle(query), headers: toSingle(headers) }),
    body: given.body ?? '',
    isBase64Encoded: false,
  }
}

/** A function URL has one route, and a domain of its own. */
export function toFunctionUrlEvent(event: HandlerEvents['http-2.0']): HandlerEvents['http-2.0'] {
  const { requestContext, headers } = event
  const host = headers['host']?.includes('execute-api') ? URL_DOMAIN : headers['host']
  return {
    ...event,
    routeKey: '$default',
    headers: { ...headers, host },
    requestContext: {
      ...requestContext,
      accountId: 'anonymous',
      apiId: URL_ID,
      domainName: URL_DOMAIN,
      domainPrefix: URL_ID,
      routeKey: '$default',
    },
  }
}
