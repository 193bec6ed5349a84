/**
 * The five kinds of event that API Gateway sends to a Lambda authorizer, told apart by their shape and made one.
 */
import { ConfigError } from '../../verify/index.ts'
import { toObject, type UnknownObject } from '../util/unknown-object.ts'

/** Which kind of API asks, and in which format. */
export type AuthorizerGateway =
  | 'rest-request'
  | 'rest-token'
  | 'http-1.0'
  | 'http-2.0'
  | 'websocket'

/** What an authorizer may look at, whichever API asks. */
export interface AuthorizerRequest {
  readonly gateway: AuthorizerGateway
  /** The event itself, of which nothing is known. */
  readonly event: UnknownObject
  /** `methodArn`, which payload format 2.0 calls `routeArn`. It ends with the path as the client sent it. */
  readonly arn: string | undefined
  /** All values of a header. @param name - in lower case; the event may have it in any */
  readonly headerValues: (name: string) => readonly string[]
  /** All values of a query parameter. */
  readonly queryValues: (name: string) => readonly string[]
  /** `Cookie` headers, or single pairs. */
  readonly cookies: readonly string[]
}

/**
 * Makes a request out of an event.
 * @throws {@link ConfigError} where no Lambda authorizer of API Gateway gets such an event
 */
export function parseAuthorizerRequest(event: unknown): AuthorizerRequest {
  const fields = toObject(event)
  const gateway = readGateway(fields)
  const arn = fields[gateway === 'http-2.0' ? 'routeArn' : 'methodArn']
  const headerValues =
    gateway === 'rest-token' ? toTokenHeader(fields) : (name: string) => readHeader(fields, name)
  return {
    gateway,
    event: fields,
    arn: typeof arn === 'string' ? arn : undefined,
    headerValues,
    queryValues: (name) => readQuery(fields, name),
    cookies: readCookies(fields) ?? headerValues('cookie'),
  }
}

function readGateway(event: UnknownObject): AuthorizerGateway {
  const { type, methodArn, routeArn } = event
  if (type === 'TOKEN') return 'rest-token'
  // a handler's event has neither
  const isAsking = type === 'REQUEST' || typeof (methodArn ?? routeArn) === 'string'
  const gateway = isAsking ? readRequestGateway(event) : undefined
  if (gateway !== undefined) return gateway
  throw new ConfigError('The event is none that API Gateway sends to a Lambda authorizer')
}

function readRequestGateway(event: UnknownObject): AuthorizerGateway | undefined {
  const { version } = event
  const context = toObject(event['requestContext'])
  if (version === '2.0') return 'http-2.0'
  if (isConnect(context)) return 'websocket'
  if (version === '1.0') return isEmulatedRest(event, context) ? 'rest-request' : 'http-1.0'
  return version === undefined ? 'rest-request' : undefined
}

function isConnect({ eventType, connectionId, routeKey }: UnknownObject): boolean {
  return eventType === 'CONNECT' || typeof connectionId === 'string' || routeKey === '$connect'
}

/**
 * Of API Gateway's events only those of HTTP APIs have a `version`, and all have `requestContext.identity`.
 * serverless-offline gives REST events a version too, and none of its events an identity; there, the path of a REST API
 * begins with the stage, and that of an HTTP API does not. The identity is asked first, because on AWS the path of an
 * HTTP API may well begin with its stage: an event of API Gateway's own is never taken for an emulator's.
 */
function isEmulatedRest({ path }: UnknownObject, { identity, stage }: UnknownObject): boolean {
  return identity === undefined && typeof path === 'string' && path.startsWith(`/${stage}/`)
}

/** A TOKEN event has the one header that the API names as token source, whatever its name, and no other. */
function toTokenHeader({ authorizationToken }: UnknownObject): (name: string) => readonly string[] {
  return () => (typeof authorizationToken === 'string' ? [authorizationToken] : [])
}

/** `headers` keeps the last of several values, `multiValueHeaders` all of them. Either may be missing or null. */
function readHeader(event: UnknownObject, name: string): readonly string[] {
  const isName = (key: string): boolean => key.toLowerCase() === name
  const all = readValues(event['multiValueHeaders'], isName)
  return all.length > 0 ? all : readValues(event['headers'], isName)
}

function readQuery(event: UnknownObject, name: string): readonly string[] {
  const isName = (key: string): boolean => key === name
  const all = readValues(event['multiValueQueryStringParameters'], isName)
  return all.length > 0 ? all : readValues(event['queryStringParameters'], isName)
}

function readValues(map: unknown, isName: (key: string) => boolean): string[] {
  return Object.entries(toObject(map))
    .filter(([key]) => isName(key))
    .flatMap(([, value]) => value)
    .filter((value) => typeof value === 'string')
}

/** Payload format 2.0 takes cookies out of the headers. */
function readCookies({ cookies }: UnknownObject): readonly string[] | undefined {
  if (!Array.isArray(cookies) || cookies.length === 0) return undefined
  return cookies.filter((pair) => typeof pair === 'string')
}
