/**
 * Where in a request the token is, and that there is one only.
 */
import {
  assertB64Token,
  parseBearerToken,
  readCookie,
  trimBlanks,
} from '../../verify/adapter-kit.ts'
import { TokenError } from '../../verify/index.ts'
import type { AuthorizerRequest } from './authorizer-request.ts'

/**
 * The places where a token may be; if several are named, a request may use one of them.
 * Security: API Gateway caches an answer by its identity sources alone, so the place of the token has to be one. If the event
 * shows that it is not, the answer is 500. An event of a REST API does not show it. With several places, no one of them is in
 * every request: then switch caching off.
 */
export interface TokenSource {
  /** A header. `Authorization` must hold `Bearer <token>`; any other may hold the token alone. */
  readonly header?: string | undefined
  /**
   * A cookie, such as `__Host-access_token`.
   * Security: browsers send cookies with requests that other sites make them send. Without `origins`, such a request passes
   * like any other, unless the cookie's `SameSite` attribute holds it back.
   */
  readonly cookie?: string | undefined
  /**
   * The origins whose pages may use the cookie, such as `https://app.example.com`. A request with another `Origin` is denied
   * with `ERR_ACCESS_DENIED`. One without passes if it is a GET, HEAD or OPTIONS, or if the browser says that it comes from the
   * API's own origin; a WebSocket `$connect` never counts as a GET.
   * Security: API Gateway does not ask for a request that it has a cached answer for. Switch caching off, or make `Origin` an
   * identity source, without which API Gateway then answers 401. If an event shows identity sources and `Origin` is not among
   * them, the answer is 500. An event of a REST API does not show them.
   * @defaultValue requests from every origin pass
   */
  readonly origins?: string | readonly string[] | undefined
  /**
   * A query parameter. WebSocket clients in browsers have no header to put a token into.
   * Security: addresses end up in logs and histories (RFC 9700 s4.3.2).
   */
  readonly query?: string | undefined
  /** A WebSocket subprotocol: the token is the entry after it, as in `Sec-WebSocket-Protocol: name, <token>`. */
  readonly subprotocol?: string | undefined
}

/** The kinds of place. */
export type TokenPlace = 'header' | 'cookie' | 'query' | 'subprotocol'
/** The name that the token has in each place that is configured. */
export type TokenPlaces = { readonly [Place in TokenPlace]?: string | undefined }

/** The token of a request. */
export interface FoundToken {
  readonly token: string
  readonly place: TokenPlace
}

type ReadPlace = (request: AuthorizerRequest, name: string) => string | undefined

const READERS: Readonly<Record<TokenPlace, ReadPlace>> = {
  header: (request, name) => readHeaderToken(request, name.toLowerCase()),
  // a verifier takes nothing else either
  cookie: ({ cookies }, name) => assertB64Token(readCookie(cookies, name)),
  query: ({ queryValues }, name) => assertB64Token(onlyOne(queryValues(name))),
  subprotocol: readSubprotocolToken,
}
export const TOKEN_PLACES = Object.keys(READERS) as readonly TokenPlace[]
const SCHEME = /^bearer +/i

/**
 * The one token of a request.
 * @throws {@link TokenError} `ERR_TOKEN_MISSING`; `ERR_TOKEN_REQUEST` for more than one, for a malformed one, and for other
 * credentials beside another place for the token
 */
export function readToken(request: AuthorizerRequest, places: TokenPlaces): FoundToken {
  const found = TOKEN_PLACES.flatMap((place) => {
    const name = places[place]
    const token = name === undefined ? undefined : READERS[place](request, name)
    return token === undefined ? [] : [{ token, place }]
  })
  const [first, ...others] = found
  if (others.length > 0 || hasOtherCredentials(request, places, first)) {
    throw new TokenError('ERR_TOKEN_REQUEST')
  }
  if (first === undefined) throw new TokenError('ERR_TOKEN_MISSING')
  return first
}

/**
 * Whether the header is filled with another scheme, if the token may be elsewhere: the header may be what API Gateway caches the
 * answer by, and `Basic` with the same text can be sent by anybody.
 */
function hasOtherCredentials(
  { gateway, headerValues }: AuthorizerRequest,
  { header, ...others }: TokenPlaces,
  found: FoundToken | undefined,
): boolean {
  if (header === undefined || found?.place === 'header') return false
  // such an event has one value, which stands for all places
  if (gateway === 'rest-token') return false
  if (Object.values(others).every((name) => name === undefined)) return false
  return headerValues(header.toLowerCase()).some((value) => value !== '')
}

function readHeaderToken({ headerValues }: AuthorizerRequest, name: string): string | undefined {
  if (name === 'authorization') return parseBearerToken(headerValues(name))
  // no token has the comma that HTTP APIs with payload format 2.0 join repeated values with
  return assertB64Token(onlyOne(headerValues(name))?.replace(SCHEME, ''))
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
