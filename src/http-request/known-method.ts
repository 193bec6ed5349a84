/**
 * The methods of HTTP that events may name (RFC 9110 s9.3, RFC 5789): any other one may be text of the client.
 */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']

export function toKnownMethod(method: string | undefined): string | undefined {
  return METHODS.find((one) => one === method)
}
