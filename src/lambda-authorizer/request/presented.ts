/**
 * What a request presents besides its token: its DPoP proof, its method and URL, and the certificate of its client.
 */
import { type Demands, readCertificateHeader, splitDpop } from '../../verify/adapter-kit.ts'
import { ConfigError, type Presented, TokenError } from '../../verify/index.ts'
import type { AuthorizerRequest } from './authorizer-request.ts'
import type { FoundToken, TokenSettings } from './authorizer-token.ts'

/** What is read of each request. */
export interface PresentedSettings {
  readonly basePath: string | undefined
  /** In lower case. */
  readonly certificateHeader: string | undefined
}

/** @throws {@link ConfigError} for a DPoP token in an event without headers */
export function toPresented(
  request: AuthorizerRequest,
  { place }: FoundToken,
  demands: Demands,
  { token, basePath, certificateHeader }: PresentedSettings & { readonly token: TokenSettings },
): Presented {
  const { gateway, headerValues, method = 'GET', urlAt } = request
  // such an event has one header, which stands for all
  const hasHeaders = gateway !== 'rest-token'
  const proof = demands.dpop && hasHeaders ? headerValues('dpop') : []
  const [authorization = ''] = headerValues('authorization')
  const isDpop = splitDpop(authorization) !== undefined
  if (isDpop && !hasHeaders) throw new ConfigError(NEEDS_HEADERS)
  const hasScheme = place === 'header' && isAuthorization(token)
  const url = urlAt(basePath)
  return {
    scheme: (hasScheme ? isDpop : proof.length > 0) ? 'DPoP' : 'Bearer',
    proof,
    request: url === undefined ? undefined : { method, url },
    get certificate() {
      if (certificateHeader === undefined || !hasHeaders) return request.certificate
      return readCertificate(headerValues(certificateHeader))
    },
  }
}

const NEEDS_HEADERS =
  '"dpop" needs an authorizer of the type REQUEST: the event of one of the type TOKEN has no DPoP header'

/** Whether the token follows a scheme. */
function isAuthorization({ places, needsScheme }: TokenSettings): boolean {
  return needsScheme && places.header?.toLowerCase() === 'authorization'
}

function readCertificate([value, ...others]: readonly string[]): Presented['certificate'] {
  if (others.length > 0) throw new TokenError('ERR_TOKEN_REQUEST', { reason: 'repeated' })
  return value === undefined ? undefined : readCertificateHeader(value)
}
