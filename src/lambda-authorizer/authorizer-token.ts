/**
 * Where in a request the token is, and that there is one only.
 */
import { assertB64Token, parseBearerToken, readCookie, trimBlanks } from '../verify/adapter-kit.ts'
import { TokenError } from '../verify/index.ts'
import type { AuthorizerRequest } from './authorizer-request.ts'

/** The places where a token may be; where several are named, a request may use one of them. */
export interface TokenSource {
  /** A header. `Authorization` must hold `Bearer <token>`; any other may hold the token alone. */
  readonly header?: string | undefined
  /** A cookie. */
  readonly cookie?: string | undefined
  /**
   * A query parameter. WebSocket clients in browsers have no header to put a token into.
   * Security: addresses end up in logs and histories (RFC 9700 s4.3.2).
   */
  readonly query?: string | undefined
  /** A WebSocket subprotocol: the token is the entry after it, as in `Sec-WebSocket-Protocol: name, <token>`. */
  readonly subprotocol?: string | undefined
}

const SCHEME = /^bearer +/i

/**
 * The one token of a request.
 * @throws {@link TokenError} `ERR_TOKEN_MISSING`; `ERR_TOKEN_REQUEST` for more than one, and for a malformed one
 */
export function readToken(request: AuthorizerRequest, source: TokenSource): string {
  const { header, cookie, query, subprotocol } = source
  const [token, ...others] = [
    header && readHeaderToken(request, header.toLowerCase()),
    cookie && readCookie(request.cookies, cookie),
    query && readQueryToken(request, query),
    subprotocol && readSubprotocolToken(request, subprotocol),
  ].filter((one) => one !== undefined)
  if (token === undefined) throw new TokenError('ERR_TOKEN_MISSING')
  if (others.length > 0) throw new TokenError('ERR_TOKEN_REQUEST')
  return token
}

function readHeaderToken({ headerValues }: AuthorizerRequest, name: string): string | undefined {
  if (name === 'authorization') return parseBearerToken(headerValues(name))
  // no token has the comma that HTTP APIs with payload format 2.0 join repeated values with
  return assertB64Token(onlyOne(headerValues(name))?.replace(SCHEME, ''))
}

function readQueryToken({ queryValues }: AuthorizerRequest, name: string): string | undefined {
  return assertB64Token(onlyOne(queryValues(name)))
}

/** RFC 6455 s4.1, s11.3.4: a list of names, in one header or several. */
function readSubprotocolToken(request: AuthorizerRequest, name: string): string | undefined {
  const offered = request
    .headerValues('sec-websocket-protocol')
    .flatMap((value) => value.split(','))
    .map(trimBlanks)
  const at = offered.indexOf(name)
  if (at < 0) return undefined
  if (at !== offered.lastIndexOf(name)) throw new TokenError('ERR_TOKEN_REQUEST')
  return assertB64Token(offered[at + 1] ?? '')
}

/** An empty value is no token. */
function onlyOne(values: readonly string[]): string | undefined {
  if (values.length > 1) throw new TokenError('ERR_TOKEN_REQUEST')
  return values[0] || undefined
}
