/**
 * The URL of a request as its client sent it. Its domain comes from API Gateway, which knows its own domains, or from the
 * configuration, and never from `Host`.
 */
import { isString, toObject, type UnknownObject } from './unknown-object.ts'

/** The start of a URL, as far as the configuration says it. */
export interface UrlStart {
  /** Scheme and host; `undefined`: those of the event. */
  readonly host: string | undefined
  /** The path of the API mapping, which some events do not show; `undefined`: that of the event. */
  readonly basePath: string | undefined
}

/** @returns `undefined` if there is no domain or no path */
export function readEventUrl(
  event: UnknownObject,
  gateway: string,
  start: UrlStart,
): string | undefined {
  const host = start.host ?? readHost(event)
  const path = readFullPath(event, gateway, start)
  if (host === undefined || !isString(path)) return undefined
  return `${host}${path.replace(NOT_ASCII, encode)}`
}

function readHost(event: UnknownObject): string | undefined {
  const { domainName } = toObject(event['requestContext'])
  return isString(domainName) ? `https://${domainName}` : undefined
}

function readFullPath(
  { version, path, rawPath, requestContext }: UnknownObject,
  gateway: string,
  { host, basePath }: UrlStart,
): unknown {
  const { path: wholePath, stage } = toObject(requestContext)
  // the event of a connection has no path: a WebSocket API has none but its stage or its mapping
  if (gateway === 'websocket') return basePath ?? `/${stage}`
  // format 2.0 leaves out the mapping, format 1.0 does not
  if (gateway === 'http-2.0') return `${basePath ?? ''}${rawPath}`
  // of a REST API, `path` lacks the stage, which the configuration says if it says the host
  const isRest = gateway === 'rest-request' || (gateway === 'rest' && version === undefined)
  const full = isRest && host === undefined ? (wholePath ?? path) : path
  if (basePath === undefined || `${full}/`.startsWith(`${basePath}/`)) return full
  return `${basePath}${path}`
}

/** API Gateway decodes the paths of some events. */
const NOT_ASCII = /[^\x21-\x7e]+/g

function encode(characters: string): string {
  const hex = Buffer.from(characters).toString('hex').toUpperCase()
  return hex.replace(/../g, '%$&')
}
