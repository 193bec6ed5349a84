/**
 * The URL of a request as its client sent it. Its domain comes from API Gateway, which knows its own domains, and never from `Host`.
 */
import type { AuthorizerGateway } from '../authorizer-events.ts'
import { isString, toObject, type UnknownObject } from '../util/unknown-object.ts'

/**
 * @param basePath - of the API mapping, which some events do not show
 * @returns `undefined` if the event has no domain or no path
 */
export function readUrl(
  event: UnknownObject,
  gateway: AuthorizerGateway,
  basePath: string | undefined,
): string | undefined {
  const { domainName } = toObject(event['requestContext'])
  const path = readFullPath(event, gateway, basePath)
  if (!isString(domainName) || !isString(path)) return undefined
  return `https://${domainName}${path.replace(NOT_ASCII, encode)}`
}

function readFullPath(
  { path, rawPath, requestContext }: UnknownObject,
  gateway: AuthorizerGateway,
  basePath: string | undefined,
): unknown {
  const { path: wholePath, stage } = toObject(requestContext)
  // the event of a connection has no path: a WebSocket API has none but its stage or its mapping
  if (gateway === 'websocket') return basePath ?? `/${stage}`
  // format 2.0 leaves out the mapping, format 1.0 does not
  if (gateway === 'http-2.0') return `${basePath ?? ''}${rawPath}`
  // of a REST API, `path` lacks the stage
  const full = gateway === 'rest-request' ? (wholePath ?? path) : path
  if (basePath === undefined || `${full}/`.startsWith(`${basePath}/`)) return full
  return `${basePath}${path}`
}

/** API Gateway decodes the paths of some events. */
const NOT_ASCII = /[^\x21-\x7e]+/g

function encode(characters: string): string {
  const hex = Buffer.from(characters).toString('hex').toUpperCase()
  return hex.replace(/../g, '%$&')
}
