/**
 * How a web-standard `Request` is read.
 */
import type { BrowserHeaders, RequestReader } from '../http-request/cookie-token.ts'
import { toKnownMethod } from '../http-request/known-method.ts'
import type { PresentedReader } from '../http-request/presented.ts'
import type { RequestDescription } from '../http-request/request-events.ts'
import { isObject } from '../http-request/unknown-object.ts'
import { ConfigError } from '../verify/index.ts'

/** Of a repeated header, `Headers` joins the values by commas, which no token contains. */
function readHeader(request: Request, name: string): string | undefined {
  assertWebRequest(request)
  return request.headers.get(name) ?? undefined
}

function readBrowser(request: Request): BrowserHeaders {
  assertWebRequest(request)
  const { method, headers, url } = request
  // pseudo-headers of HTTP/2 are no valid names here
  const header = (name: string): string | undefined =>
    name.startsWith(':') ? undefined : (headers.get(name) ?? undefined)
  const cookie = header('cookie')
  return {
    method,
    host: header('host') ?? (URL.canParse(url) ? new URL(url).host : undefined),
    cookies: cookie === undefined ? [] : [cookie],
    header,
  }
}

export const WEB_REQUEST: RequestReader<Request> & PresentedReader<Request> = {
  readHeader,
  readBrowser,
  readHeaderLines: readHeader,
  // servers make the host of `url` of the header `Host`
  readTarget: ({ method, url }) => ({ method, target: url }),
  readCertificate: () => undefined,
}

/** What events say about a request. Its URL is not in them. */
export function describeRequest({ method }: Request): RequestDescription {
  return { method: toKnownMethod(method), route: undefined }
}

const WRAPPERS = ['raw', 'request', 'req'] as const

/** @throws {@link ConfigError} that says what to pass instead, for anything else than a `Request` */
export function assertWebRequest(request: unknown): asserts request is Request {
  if (isWebRequest(request)) return
  const member = findWrapped(request)
  if (member !== undefined) {
    throw new ConfigError(`"request" is the wrapper of a framework: pass its "${member}"`)
  }
  if (isObject(request) && isObject(request['headers'])) {
    throw new ConfigError(
      '"request" is a request of node:http: use verifyRequest() of jwt-gate/express',
    )
  }
  throw new ConfigError('"request" must be a web-standard Request')
}

/** The class does not count: frameworks and runtimes have their own. */
function isWebRequest(request: unknown): boolean {
  if (!isObject(request) || !isObject(request['headers'])) return false
  return typeof request['headers']['get'] === 'function' && typeof request['method'] === 'string'
}

/** The member with the request, in the wrappers of Hono, Elysia and SvelteKit. */
function findWrapped(wrapper: unknown): string | undefined {
  if (!isObject(wrapper)) return undefined
  for (const name of WRAPPERS) {
    const inner = wrapper[name]
    if (isWebRequest(inner)) return name
    if (isObject(inner) && isWebRequest(inner['raw'])) return `${name}.raw`
  }
  return undefined
}
