/**
 * One cookie out of the `Cookie` headers of a request (RFC 6265 s4.2.1).
 */

import { TokenError } from '../errors.ts'
import { trimBlanks } from '../util/blanks.ts'

/**
 * The value of a cookie; `undefined` if it was not sent, or is empty. Names are compared exactly, and blanks around them are
 * SP and HTAB alone: a browser guards the name `__Host-a`, and not the name that is one more character of white space.
 * @param cookies - the values of `Cookie` headers, or single pairs as API Gateway gives them
 * @throws {@link TokenError} `ERR_TOKEN_REQUEST` if it was sent more than once: which one counts would be a guess
 */
export function readCookie(cookies: readonly string[], name: string): string | undefined {
  const values: string[] = []
  for (const pair of cookies.join(';').split(';')) {
    const equals = pair.indexOf('=')
    // no name is empty
    if (equals < 0 || trimBlanks(pair.slice(0, equals)) !== name) continue
    values.push(trimBlanks(pair.slice(equals + 1)))
  }
  if (values.length > 1) throw new TokenError('ERR_TOKEN_REQUEST')
  return values[0]?.replace(/^"(.*)"$/, '$1') || undefined
}
