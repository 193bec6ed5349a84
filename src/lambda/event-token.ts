/**
 * Finds the token of an event, and checks that a cookie comes from a page that may use it.
 */
import { type BrowserHeaders, isFromOwnPages } from '../http-request/cookie-token.ts'
import { readToken } from '../http-request/event-token.ts'
import type { TokenSourceSettings } from '../http-request/token-source.ts'
import { AccessError, TokenError, type Verifier } from '../verify/index.ts'
import type { AlbVerifier } from './alb/alb.ts'
import type { VerifyEventSettings } from './event-options.ts'
import type { LambdaRequest } from './lambda-event.ts'

/** @throws {@link TokenError} `ERR_TOKEN_MISSING`, `ERR_TOKEN_REQUEST`; {@link AccessError} `ERR_ACCESS_DENIED` */
export function readEventToken(
  request: LambdaRequest,
  verifier: Verifier<never>,
  settings: VerifyEventSettings,
): string {
  const { tokenHeader } = verifier as Partial<AlbVerifier>
  if (tokenHeader !== undefined && !settings.isPlaceGiven) return readOnly(request, tokenHeader)
  const { token, place } = readToken(request, settings.token)
  if (place === 'cookie' && !isFromAllowedPage(request, settings)) {
    throw new AccessError('ERR_ACCESS_DENIED')
  }
  return token
}

/** The value of a header without a scheme. */
function readOnly({ headerValues }: LambdaRequest, name: string): string {
  const [token, ...others] = headerValues(name)
  if (others.length > 0) throw new TokenError('ERR_TOKEN_REQUEST', { reason: 'repeated' })
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
  return { method: isConnect ? 'CONNECT' : method, host: header('host'), cookies, header }
}
