/**
 * The spelling of the tokens of a load balancer: base64url with padding, which RFC 7515 s2 forbids. The signature covers the text
 * with its padding. All other rules stay: each segment has exactly one spelling.
 */
import { TokenError } from '../../verify/index.ts'

// as many groups of four as it has, and in the last one as much padding as it needs
const SEGMENT = /^(?:[\w-]{4})*(?:[\w-]{2}==|[\w-]{3}=)?$/

/**
 * The token without its padding. Its last characters and everything in it are still to be checked.
 * @throws {@link TokenError} `ERR_TOKEN_MALFORMED` if a segment lacks padding, or has some where none belongs
 */
export function withoutPadding(token: string): string {
  const segments = token.split('.')
  if (segments.length === 3 && segments.every((one) => SEGMENT.test(one))) {
    return segments.map((one) => one.replace(/=+$/, '')).join('.')
  }
  throw new TokenError('ERR_TOKEN_MALFORMED')
}
