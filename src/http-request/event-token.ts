/**
 * Finds the one token of a request.
 */
import {
  assertB64Token,
  missingBearer,
  parseBearerToken,
  readCookie,
  splitDpop,
  trimBlanks,
} from '../verify/adapter-kit.ts'
import { TokenError } from '../verify/index.ts'
import type { UrlStart } from './event-url.ts'

/** A request in an event of Lambda. */
export interface EventRequest {
  /** The kind of event. */
  readonly gateway: string
  readonly method: string | undefined
  /** All values of a header. @param name - in lower case; in the event, its case does not matter */
  readonly headerValues: (name: string) => readonly string[]
  /** All values of a query parameter. */
  readonly queryValues: (name: string) => readonly string[]
  /** `Cookie` headers, or single `name=value` pairs. */
  readonly cookies: readonly string[]
  /** The URL as the client sent it, without the query. `undefined` if the event does not show it. */
  readonly urlAt: (start: UrlStart) => string | undefined
  /** The client's certificate in PEM, if API Gateway has verified it for this connection. */
  readonly certificate: string | undefined
}

/**
 * The places where a token may be. If several are given, a request may use only one of them.
 * Security: API Gateway caches a result only by its identity sources, so the place of the token must be one of them. If the event
 * shows that it is not, clients get 500. An event of a REST API does not show it. With several places, no single one of them is
 * in every request: then switch caching off.
 */
export interface TokenSource {
  /** A header. `Authorization` must contain `Bearer <token>`, unless `scheme` is null; any other may contain only the token. */
  readonly header?: string | undefined
  /**
   * `null`: the value of the header is the token, with or without `Bearer` before it, as API Gateway's own authorizers take it.
   * @defaultValue `Authorization` needs `Bearer`
   */
  readonly scheme?: null | undefined
  /**
   * A cookie, such as `__Host-access_token`.
   * Security: browsers also send cookies with requests that other sites trigger. Without `origins`, such a request is accepted
   * like any other, unless the cookie's `SameSite` attribute prevents it.
   */
  readonly cookie?: string | undefined
  /**
   * The origins whose pages may use the cookie, such as `https://app.example.com`. A request with another `Origin` is denied
   * with `ERR_ACCESS_DENIED`. One without `Origin` is accepted if it is a GET, HEAD or OPTIONS, or if the browser says that it
   * comes from the API's own origin. A WebSocket `$connect` never counts as a GET.
   * Security: API Gateway does not call the authorizer for a request that it has a cached result for. Switch caching off, or make
   * `Origin` an identity source; API Gateway then responds with 401 to requests without it. If an event shows identity sources
   * and `Origin` is not one of them, clients get 500. An event of a REST API does not show them.
   * @defaultValue requests from every origin are accepted
   */
  readonly origins?: string | readonly string[] | undefined
  /**
   * A query parameter. WebSocket clients in browsers cannot set a header.
   * Security: URLs end up in logs and histories (RFC 9700 s4.3.2).
   */
  readonly query?: string | undefined
  /** A WebSocket subprotocol: the token is the entry after it, as in `Sec-WebSocket-Protocol: name, <token>`. */
  readonly subprotocol?: string | undefined
}

/** The kinds of place. */
export type TokenPlace = Exclude<keyof TokenSource, 'origins' | 'scheme'>
/** For each configured place, the name of the header, cookie, parameter or subprotocol. */
export type TokenPlaces = { readonly [Place in TokenPlace]: string | undefined }

/** Where the token may be. */
export interface TokenSettings {
  readonly places: TokenPlaces
  /** Whether `Authorization` needs the scheme `Bearer`. */
  readonly needsScheme: boolean
  /** Whether `Authorization` may have the scheme `DPoP` instead. */
  readonly takesDpop: boolean
}

/** The token of a request. */
export interface FoundToken {
  readonly token: string
  readonly place: TokenPlace
}

type ReadPlace = (
  request: EventRequest,
  name: string,
  settings: TokenSettings,
) => string | undefined

const READERS: Readonly<Record<TokenPlace, ReadPlace>> = {
  header: (request, name, settings) => readHeaderToken(request, name.toLowerCase(), settings),
  // a verifier accepts only this form, too
  cookie: ({ cookies }, name) => assertB64Token(readCookie(cookies, name)),
  query: ({ queryValues }, name) => assertB64Token(onlyOne(queryValues(name))),
  subprotocol: readSubprotocolToken,
}
export const TOKEN_PLACES = Object.keys(READERS) as readonly TokenPlace[]
const SCHEME = /^bearer +/i

/**
 * Reads the one token of a request.
 * @throws {@link TokenError} `ERR_TOKEN_MISSING`; `ERR_TOKEN_REQUEST` if there are several, if it is malformed, or if the header
 * has other credentials and the token is in another place
 */
export function readToken(request: EventRequest, settings: TokenSettings): FoundToken {
  const { places } = settings
  const found = TOKEN_PLACES.flatMap((place) => {
    const name = places[place]
    const token = name === undefined ? undefined : READERS[place](request, name, settings)
    return token === undefined ? [] : [{ token, place }]
  })
  const [first, ...others] = found
  if (others.length > 0 || hasOtherCredentials(request, places, first)) {
    throw new TokenError('ERR_TOKEN_REQUEST', { reason: 'repeated' })
  }
  if (first === undefined) throw missingToken(request, places)
  return first
}

function missingToken({ headerValues }: EventRequest, { header }: TokenPlaces): TokenError {
  const isBearer = header?.toLowerCase() === 'authorization'
  return missingBearer(isBearer ? headerValues('authorization')[0] : undefined)
}

/**
 * Whether the header has another scheme while the token may be in another place. API Gateway may cache the result by the
 * header, and anybody can send `Basic` with the same text.
 */
function hasOtherCredentials(
  { gateway, headerValues }: EventRequest,
  { header, ...others }: TokenPlaces,
  found: FoundToken | undefined,
): boolean {
  if (header === undefined || found?.place === 'header') return false
  // such an event has one value, which is used for all places
  if (gateway === 'rest-token') return false
  if (Object.values(others).every((name) => name === undefined)) return false
  return headerValues(header.toLowerCase()).some((value) => value !== '')
}

function readHeaderToken(
  { headerValues }: EventRequest,
  name: string,
  { needsScheme, takesDpop }: TokenSettings,
): string | undefined {
  if (name === 'authorization' && needsScheme) {
    const values = headerValues(name)
    const bound = takesDpop ? parseBearerToken(values, splitDpop) : undefined
    return bound ?? parseBearerToken(values)
  }
  // HTTP APIs with payload format 2.0 join repeated values with a comma, which no token contains
  return assertB64Token(onlyOne(headerValues(name))?.replace(SCHEME, ''))
}

/** RFC 6455 s4.1, s11.3.4: a list of names, in one header or several. */
function readSubprotocolToken(request: EventRequest, name: string): string | undefined {
  const offered = request
    .headerValues('sec-websocket-protocol')
    .flatMap((value) => value.split(','))
    .map(trimBlanks)
  const at = offered.indexOf(name)
  if (at < 0) return undefined
  if (at !== offered.lastIndexOf(name))
    throw new TokenError('ERR_TOKEN_REQUEST', { reason: 'repeated' })
  return assertB64Token(offered[at + 1] ?? '')
}

/** The only value. An empty one counts as no token. */
function onlyOne(values: readonly string[]): string | undefined {
  if (values.length > 1) throw new TokenError('ERR_TOKEN_REQUEST', { reason: 'repeated' })
  return values[0] || undefined
}
