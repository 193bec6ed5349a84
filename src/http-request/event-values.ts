/**
 * The values of a request in an event of Lambda, whatever kind of API or load balancer sent it.
 */
import { isString, toObject, type UnknownObject } from './unknown-object.ts'

/**
 * All values of a header, whose name is in lower case. `headers` has the last of several values, `multiValueHeaders` all of them. Either may be missing or null.
 */
export function readEventHeader(event: UnknownObject, name: string): readonly string[] {
  // Stryker disable next-line ConditionalExpression: only a faster check before the comparison
  const isName = (key: string): boolean => key.length === name.length && key.toLowerCase() === name
  const all = readValues(event['multiValueHeaders'], isName)
  return all.length > 0 ? all : readValues(event['headers'], isName)
}

/** All values of a query parameter. */
export function readEventQuery(event: UnknownObject, name: string): readonly string[] {
  const isName = (key: string): boolean => key === name
  const all = readValues(event['multiValueQueryStringParameters'], isName)
  return all.length > 0 ? all : readValues(event['queryStringParameters'], isName)
}

function readValues(map: unknown, isName: (key: string) => boolean): string[] {
  const values = toObject(map)
  return Object.keys(values)
    .filter(isName)
    .flatMap((key) => values[key])
    .filter(isString)
}

/** Payload format 2.0 has it in another place. A client cannot set either. */
export function readEventCertificate(event: UnknownObject): string | undefined {
  const { identity, authentication } = toObject(event['requestContext'])
  const clientCert = toObject(identity)['clientCert'] ?? toObject(authentication)['clientCert']
  const { clientCertPem } = toObject(clientCert)
  return isString(clientCertPem) ? clientCertPem : undefined
}

/** Payload format 2.0 moves cookies out of the headers. */
export function readEventCookies({ cookies }: UnknownObject): readonly string[] | undefined {
  if (!Array.isArray(cookies) || cookies.length === 0) return undefined
  return cookies.filter(isString)
}
