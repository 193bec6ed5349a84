/**
 * What a function returns for an error of this library.
 */
import { toErrorAnswer } from '../http-request/http-error.ts'
import { toObject } from '../http-request/unknown-object.ts'
import { readMember } from '../verify/adapter-kit.ts'
import { isJwtGateError } from '../verify/index.ts'
import { type LambdaGateway, readGateway } from './lambda-event.ts'

/** The result of a function, as function URLs, API Gateway and load balancers take it. */
export interface EventResult {
  statusCode: number
  /** Only for load balancers. */
  statusDescription?: string
  headers?: Record<string, string>
  /** In place of `headers`, for a target group with multi-value headers. */
  multiValueHeaders?: Record<string, string[]>
  body: string
  isBase64Encoded: false
}

// shared by all copies of the package, like the errors
// Stryker disable next-line StringLiteral: any unique name works
const GATEWAY = Symbol.for('jwt-gate.error-gateway')
const PHRASES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

/** Lets {@link errorResult} know the kind of the event. Errors of others are left as they are. */
export function markWithGateway(error: object, gateway: LambdaGateway): object {
  if (!isJwtGateError(error)) return error
  return Object.defineProperty(error, GATEWAY, { value: gateway })
}

/**
 * Creates what a function returns for an error of this library: `{ error, error_description }` as JSON, with the status and the
 * `WWW-Authenticate` header that RFC 6750 s3 defines. The body never contains a stack. REST APIs send `WWW-Authenticate` as
 * `x-amzn-Remapped-WWW-Authenticate`.
 *
 * Errors of status 500 and more are not printed: `onEvent` of `verifyEvent` tells of them.
 *
 * @example
 * ```ts
 * try {
 *   authorize(verified, { groups: ['admin'] })
 * } catch (error) {
 *   return errorResult(error, event)
 * }
 * ```
 * @param error - any thrown value
 * @param event - the event of the function. Only load balancers need it, for errors of anything but `verifyEvent`, which knows it
 * @returns a new result
 * @throws `error` itself if it is no error of this library, so that Lambda reports it
 */
export function errorResult(error: unknown, event?: unknown): EventResult {
  const answer = toErrorAnswer(error)
  if (answer === undefined) throw error
  const { status } = answer
  const headers = { ...answer.headers, 'Content-Type': 'application/json' }
  const gateway = readMember(error as object, GATEWAY) ?? readGateway(toObject(event))
  return {
    statusCode: status,
    ...(isLoadBalancer(gateway) && {
      statusDescription: `${status} ${PHRASES[status] ?? 'Error'}`,
    }),
    ...(gateway === 'alb-multi-value' ? { multiValueHeaders: toLists(headers) } : { headers }),
    body: JSON.stringify(answer.body),
    isBase64Encoded: false,
  }
}

function isLoadBalancer(gateway: unknown): boolean {
  return gateway === 'alb' || gateway === 'alb-multi-value'
}

function toLists(headers: Readonly<Record<string, string>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]))
}
