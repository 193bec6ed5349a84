/**
 * The spelling of the tokens of a load balancer: base64url with padding, which RFC 7515 s2 forbids. The signature covers the text
 * with its padding. All other rules stay: each segment has exactly one spelling.
 */
import { TokenError } from '../../verify/index.ts'

// as many groups of four as it has, and in the last one as much padding as it needs
const SEGMENT = /^(?:[\w-]{4})*(?:[\w-]{2}==|[\w-]{3}=)?$/

/**
 * The token without its padding. The number of segments, their last characters and what they contain are still to be checked.
 * @throws {@link TokenError} `ERR_TOKEN_MALFORMED` if a segment lacks padding, or has some where none belongs
 */
export function withoutPadding(token: string): string {
  if (token.split('.').every((segment) => SEGMENT.test(segment))) return token.replaceAll('=', '')
  throw new TokenError('ERR_TOKEN_MALFORMED')
}
