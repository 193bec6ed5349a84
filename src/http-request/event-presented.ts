/**
 * What the request of an event presents besides its token: its DPoP proof, its method and URL, and the certificate of its client.
 */
import { readCertificateHeader, splitDpop } from '../verify/adapter-kit.ts'
import { type AccessError, ConfigError, type Presented, TokenError } from '../verify/index.ts'
import type { EventRequest, FoundToken, TokenSettings } from './event-token.ts'
import type { UrlStart } from './event-url.ts'

/** What is read of each event. */
export interface EventPresentedSettings extends UrlStart {
  readonly token: TokenSettings
  /** In lower case. */
  readonly certificateHeader: string | undefined
}

export function toEventPresented(
  request: EventRequest,
  { place }: FoundToken,
  settings: EventPresentedSettings,
): Presented {
  const { gateway, headerValues, method = 'GET', urlAt } = request
  const { token, certificateHeader } = settings
  // such an event has one header, which stands for all
  const hasHeaders = gateway !== 'rest-token'
  const proof = token.takesDpop && hasHeaders ? headerValues('dpop') : []
  const [authorization = ''] = headerValues('authorization')
  const isDpop = splitDpop(authorization) !== undefined
  const hasScheme = place === 'header' && isAuthorization(token)
  const url = urlAt(settings)
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

/**
 * Checks that it is the client's fault if a bound token has no proof. Only a token that was verified lacks one, so not everybody
 * can make it look like a mistake in the set-up.
 * @throws {@link ConfigError} for a bound token under `DPoP` in an event without headers
 */
export function assertShowsProof(
  { gateway, headerValues }: EventRequest,
  { code }: TokenError | AccessError,
): void {
  if (code !== 'ERR_PROOF_MISSING' || gateway !== 'rest-token') return
  if (!headerValues('authorization').some(splitDpop)) return
  throw new ConfigError(
    '"dpop" needs an authorizer of the type REQUEST: the event of one of the type TOKEN has no DPoP header',
  )
}

/** Whether the token follows a scheme. */
function isAuthorization({ places, needsScheme }: TokenSettings): boolean {
  return needsScheme && places.header?.toLowerCase() === 'authorization'
}

function readCertificate([value, ...others]: readonly string[]): Presented['certificate'] {
  if (others.length > 0) throw new TokenError('ERR_TOKEN_REQUEST', { reason: 'repeated' })
  return value === undefined ? undefined : readCertificateHeader(value)
}
