/**
 * Finds the token of an event, and checks that a cookie comes from a page that may use it.
 */
import { type BrowserHeaders, isFromOwnPages } from '../http-request/cookie-token.ts'
import { toEventPresented } from '../http-request/event-presented.ts'
import { type FoundToken, readToken } from '../http-request/event-token.ts'
import type { UrlStart } from '../http-request/event-url.ts'
import type { TokenSourceSettings } from '../http-request/token-source.ts'
import { AccessError, type Presented, TokenError, type Verifier } from '../verify/index.ts'
import type { AlbVerifier } from './alb/alb.ts'
import type { VerifyEventSettings } from './event-options.ts'
import type { LambdaRequest } from './lambda-event.ts'

/** @throws {@link TokenError} `ERR_TOKEN_MISSING`, `ERR_TOKEN_REQUEST`; {@link AccessError} `ERR_ACCESS_DENIED` */
export function readEventToken(
  request: LambdaRequest,
  verifier: Verifier<never>,
  settings: VerifyEventSettings,
): FoundToken {
  const { tokenHeader } = verifier as Partial<AlbVerifier>
  if (tokenHeader !== undefined && !settings.isPlaceGiven) {
    // Stryker disable next-line StringLiteral: only a cookie makes a difference
    return { token: readOnly(request, tokenHeader), place: 'header' }
  }
  const found = readToken(request, settings.token)
  if (found.place === 'cookie' && !isFromAllowedPage(request, settings)) {
    throw new AccessError('ERR_ACCESS_DENIED')
  }
  return found
}

/** What the request presents besides its token; `undefined` if the verifier asks for nothing. */
export function readEventPresented(
  request: LambdaRequest,
  found: FoundToken,
  { presented, token }: VerifyEventSettings,
): Presented | undefined {
  if (presented === undefined) return undefined
  const { origin, certificateHeader } = presented
  const start = splitOrigin(origin?.(undefined as never))
  return toEventPresented(request, found, { ...start, token, certificateHeader })
}

function splitOrigin(origin: string | undefined): UrlStart {
  // Stryker disable next-line ObjectLiteral: absent members are undefined, too
  if (origin === undefined) return { host: undefined, basePath: undefined }
  const { origin: host } = new URL(origin)
  return { host, basePath: origin.slice(host.length) }
}

/** The value of a header without a scheme. */
function readOnly({ headerValues }: LambdaRequest, name: string): string {
  const [token, ...others] = headerValues(name)
  if (others.length > 0) throw new TokenError('ERR_TOKEN_REQUEST', { reason: 'repeated' })
  // Stryker disable next-line ConditionalExpression: the verifier would reject it with the same error
  if (!token) throw new TokenError('ERR_TOKEN_MISSING')
  return token
}

function isFromAllowedPage(request: LambdaRequest, { origins }: TokenSourceSettings): boolean {
  const browser = toBrowser(request)
  const origin = browser.header('origin')
  if (origins !== undefined && origin !== undefined) return origins.has(origin)
  return isFromOwnPages(browser)
}

function toBrowser({ method, gateway, cookies, headerValues }: LambdaRequest): BrowserHeaders {
  const header = (name: string): string | undefined => {
    const values = headerValues(name)
    return values.length === 0 ? undefined : values.join(', ')
  }
  // API Gateway shows the headers of an upgrade or removes them, so the kind of the event counts
  const isConnect = gateway === 'websocket'
  // Stryker disable next-line StringLiteral: any other unsafe method does the same
  return { method: isConnect ? 'CONNECT' : method, host: header('host'), cookies, header }
}
