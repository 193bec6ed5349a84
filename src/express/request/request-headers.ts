/**
 * The headers of a request: of Node's servers, and of everything that stands in for them, such as adapters for Lambda, test doubles
 * and plain objects. These may lack `rawHeaders`, and may have names in any case.
 */
import { ConfigError, TokenError } from '../../verify/index.ts'

/** The members of a request that are read. Every request of `node:http` and `node:http2` has them. */
export interface RequestLike {
  /** The headers, with names in any case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** All header lines, names and values in turn. Without it, a repeated header shows only if its value is a list. */
  readonly rawHeaders?: readonly string[] | undefined
  readonly method?: string | undefined
  /** The target of the request: a path, and a query. Used for DPoP proofs. */
  readonly url?: string | undefined
  /** The same before a router has removed the part that it is mounted at. Set by Express. */
  readonly originalUrl?: string | undefined
  /** The connection. Used for client certificates. */
  readonly socket?: unknown
}

type Headers = RequestLike['headers']

/**
 * The value of a header that a request may have once.
 * @param name - in lower case
 * @returns `undefined` if the request does not have it
 * @throws {@link TokenError} `ERR_TOKEN_REQUEST` if it is repeated
 * @throws {@link ConfigError} if the value is no request
 */
export function readHeader(req: RequestLike, name: string): string | undefined {
  // read once: no two requests of Express have the same hidden class, so each read is a slow one
  const { headers, rawHeaders } = (req ?? {}) as Partial<RequestLike>
  // the names of Node's own headers are in lower case: they need no copy
  const own = areOfNode(headers, rawHeaders) ? headers[name] : undefined
  const value = own ?? headersOf(req)[name] ?? undefined
  if (value === undefined) return undefined
  // of a repeated header, Node keeps only the first value
  if (Array.isArray(rawHeaders) && isRepeated(rawHeaders, name)) {
    throw new TokenError('ERR_TOKEN_REQUEST', { reason: 'repeated' })
  }
  return toOnly(value)
}

/**
 * All values of a header, in one text or a list; `undefined` without it. Node joins the values of a repeated header with commas.
 * @param name - in lower case
 */
export function readHeaderLines(
  req: RequestLike,
  name: string,
): string | readonly string[] | undefined {
  // Stryker disable next-line ArrayDeclaration: the other way only takes longer
  const { headers, rawHeaders = [] } = (req ?? {}) as Partial<RequestLike>
  // the names of Node's own headers are in lower case: they need no copy
  // Stryker disable next-line ConditionalExpression: the other way only takes longer
  const isOnce = areOfNode(headers, rawHeaders) && !isRepeated(rawHeaders, name)
  // Stryker disable next-line ConditionalExpression: the other way only takes longer
  return (isOnce ? headers[name] : undefined) ?? headersOf(req)[name] ?? undefined
}

/**
 * The headers of a request, with names in lower case.
 * @throws {@link ConfigError} if the value is no request
 */
export function headersOf(req: RequestLike): Headers {
  const { headers, rawHeaders } = (req ?? {}) as RequestLike
  // Stryker disable next-line ConditionalExpression: a request of Node only takes longer
  if (!areOfNode(headers, rawHeaders)) assertRequest(req)
  return Object.keys(headers).some(hasCapitals) ? toLowerCase(headers) : headers
}

/** Whether a request shows all its header lines, as those of Node do. */
function areOfNode(headers: unknown, rawHeaders: unknown): headers is Headers {
  return Array.isArray(rawHeaders) && rawHeaders.length > 0 && isObject(headers)
}

/** Whether a header is repeated. In `rawHeaders`, names and values alternate. */
function isRepeated(rawHeaders: readonly string[], name: string): boolean {
  let found = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const one = rawHeaders[at] as string
    // Stryker disable next-line ConditionalExpression: only a faster check before the comparison
    if (one.length === name.length && one.toLowerCase() === name) found++
  }
  return found > 1
}

function toOnly(value: unknown): string {
  // Stryker disable next-line ConditionalExpression,StringLiteral: only a faster way to the same value
  if (typeof value === 'string') return value
  // Stryker disable next-line ArrayDeclaration: what is no text is rejected in the same way
  const [only, ...others] = Array.isArray(value) ? value : [value]
  if (typeof only === 'string' && others.length === 0) return only
  throw new TokenError('ERR_TOKEN_REQUEST', { reason: 'repeated' })
}

function hasCapitals(name: string): boolean {
  return /[A-Z]/.test(name)
}

/** A header that occurs in several spellings is a repeated one. */
function toLowerCase(headers: Headers): Headers {
  const lower: Record<string, readonly string[]> = Object.create(null)
  for (const [name, value] of Object.entries(headers)) {
    const key = name.toLowerCase()
    lower[key] = [...(lower[key] ?? []), value ?? []].flat()
  }
  return lower
}

const WRAPPED = ['raw', 'req', 'request'] as const

/** @throws {@link ConfigError} that says what to pass instead, for what is no request */
function assertRequest(req: unknown): void {
  const { headers } = (req ?? {}) as { headers?: unknown }
  if (isWebHeaders(headers)) throw new ConfigError(WEB_REQUEST)
  const member = findWrapped(req)
  if (member) throw new ConfigError(`"req" is the wrapper of a framework: pass its "${member}"`)
  if (isObject(headers)) return
  throw new ConfigError(
    '"req" must be a request of node:http or node:http2, or an object with "headers"',
  )
}

const WEB_REQUEST = '"req" is a web Request: use verifyRequest() of jwt-gate/fetch'

/** The member with Node's request, in the wrappers of Fastify, Koa, Hapi and Socket.IO. */
function findWrapped(wrapper: unknown): string | undefined {
  if (!isObject(wrapper)) return undefined
  for (const name of WRAPPED) {
    const inner = wrapper[name]
    if (!isObject(inner)) continue
    if (isWebHeaders(inner['headers'])) throw new ConfigError(WEB_REQUEST)
    if (isObject(inner['headers'])) return name
    const { req } = inner
    if (isObject(req) && isObject(req['headers'])) return `${name}.req`
  }
  return undefined
}

/** Test doubles have a `get` too, so the class counts: that of the platform, or one derived from it. */
function isWebHeaders(headers: unknown): boolean {
  return isObject(headers) && Reflect.get(headers, Symbol.toStringTag) === 'Headers'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
