/**
 * Reads one cookie from the `Cookie` headers of a request (RFC 6265 s4.2.1).
 */
import { TokenError } from '../errors.ts'
import { trimBlanks } from '../util/blanks.ts'

/**
 * The value of a cookie. Names are compared exactly. Only SP and HTAB around a name are removed: a browser protects the name
 * `__Host-a`, but not a name with additional Unicode whitespace.
 * @param cookies - the values of `Cookie` headers, or single pairs as in API Gateway events
 * @returns `undefined` if the cookie was not sent, or is empty
 * @throws {@link TokenError} `ERR_TOKEN_REQUEST` if it was sent more than once, because it is unclear which one counts
 */
export function readCookie(cookies: readonly string[], name: string): string | undefined {
  const values: string[] = []
  for (const pair of cookies.join(';').split(';')) {
    const equals = pair.indexOf('=')
    // without `=`, a pair has no name
    if (equals < 0 || trimBlanks(pair.slice(0, equals)) !== name) continue
    values.push(trimBlanks(pair.slice(equals + 1)))
  }
  if (values.length > 1) throw new TokenError('ERR_TOKEN_REQUEST', { reason: 'repeated' })
  return values[0]?.replace(/^"(.*)"$/, '$1') || undefined
}
