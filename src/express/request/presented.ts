/**
 * What a request presents besides its token: its DPoP proof, its method and URL, and the certificate of its client.
 */
import {
  type Demands,
  fastPathOf,
  normalizeUrl,
  readCertificateHeader,
  readName,
  readOptional,
} from '../../verify/adapter-kit.ts'
import { ConfigError, type Presented, type Verifier } from '../../verify/index.ts'
import { type RequestLike, readHeader, readHeaderLines } from './request-headers.ts'

/** The options about what a request presents. */
export interface PresentedOptions<Req> {
  /**
   * Scheme and host of this API as its clients see them, such as `https://api.example.com`, and the part of the path that a proxy
   * removes, if there is one. Or a function that returns it for a request. Required for a verifier with `dpop`.
   *
   * Security: DPoP proofs are for one URL. Do not make it of the `Host` header, which anybody can set: a proof that another
   * server has received would pass here.
   */
  readonly origin?: string | ((req: Req) => string) | undefined
  /**
   * The header in which a proxy passes the client's certificate on, such as `X-Amzn-Mtls-Clientcert-Leaf`: URL-encoded PEM, or as
   * in RFC 9440. For a verifier with `mtls`. The certificate of the connection itself is then not used.
   *
   * Security: anybody can send such a header. Name it only if every request passes through the proxy, and the proxy removes the
   * header that a client sends.
   * @defaultValue the certificate of the TLS connection
   */
  readonly trustedCertificateHeader?: string | undefined
}

/** What is read of each request. */
export interface PresentedSettings {
  readonly takesDpop: boolean
  readonly takesCertificate: boolean
  /** Returns the start of the URL, in its normal form. */
  readonly origin: ((req: RequestLike) => string) | undefined
  /** In lower case. */
  readonly certificateHeader: string | undefined
}

/**
 * @returns `undefined` if nothing is read besides the token
 * @throws {@link ConfigError} that names the invalid option
 */
export function readPresentedOptions<Req>(
  { origin, trustedCertificateHeader }: PresentedOptions<Req>,
  verifier: Verifier<unknown>,
  demands: Demands | undefined,
): PresentedSettings | undefined {
  // nobody knows what the verifier behind a wrapper asks for
  const isUnknown = demands === undefined && fastPathOf(verifier) === undefined
  const takesDpop = isUnknown ? origin !== undefined : demands?.dpop !== undefined
  const takesCertificate = isUnknown
    ? trustedCertificateHeader !== undefined
    : demands?.mtls === true
  if (takesDpop && origin === undefined) throw withoutOrigin()
  if (!takesDpop && origin !== undefined) throw withoutEffect('origin', 'dpop')
  if (!takesCertificate && trustedCertificateHeader !== undefined) {
    throw withoutEffect('trustedCertificateHeader', 'mtls')
  }
  if (!takesDpop && !takesCertificate) return undefined
  const header = readOptional(readName, 'trustedCertificateHeader', trustedCertificateHeader)
  return {
    takesDpop,
    takesCertificate,
    origin: readOptional(readOrigin, 'origin', origin),
    certificateHeader: header?.toLowerCase(),
  }
}

function withoutOrigin(): ConfigError {
  return new ConfigError(
    '"origin" must be given with "dpop": the scheme and host of this API as its clients see them, such as https://api.example.com',
  )
}

function withoutEffect(option: string, needed: string): ConfigError {
  return new ConfigError(
    `"${option}" has no effect without "${needed}": set it in the options of createVerifier()`,
  )
}

function readOrigin(_name: string, origin: unknown): (req: RequestLike) => string {
  if (typeof origin === 'function') return (req) => toBase(origin(req))
  const base = toBase(origin)
  return () => base
}

/** The start of a URL without the slash at its end. */
function toBase(origin: unknown): string {
  const url = typeof origin === 'string' && !/[?#]/.test(origin) ? normalizeUrl(origin) : undefined
  if (url !== undefined) return url.replace(/\/$/, '')
  throw new ConfigError('"origin" must be an http or https URL, such as https://api.example.com')
}

/**
 * What a request presents.
 * @param scheme - of the `Authorization` header; `undefined` if the token was in another place, which has no scheme
 */
export function toPresented(
  req: RequestLike,
  scheme: string | undefined,
  { takesDpop, takesCertificate, origin, certificateHeader }: PresentedSettings,
): Presented {
  const proof = takesDpop ? readHeaderLines(req, 'dpop') : undefined
  return {
    scheme: scheme ?? (proof === undefined ? 'Bearer' : 'DPoP'),
    proof,
    request: origin && proof !== undefined ? toRequest(req, origin(req)) : undefined,
    // most tokens are not bound to a certificate
    get certificate() {
      return takesCertificate ? readCertificate(req, certificateHeader) : undefined
    },
  }
}

// RFC 9112 s3.2.2: a client may also send the whole URL, whose host it has chosen
const ABSOLUTE_FORM = /^https?:\/\/[^/?#]*/i

function toRequest(req: RequestLike, base: string): Presented['request'] {
  const { method = '', originalUrl, url = '' } = req
  const path = (originalUrl ?? url).replace(ABSOLUTE_FORM, '')
  // `*` and the targets of CONNECT are no paths
  return { method, url: path.startsWith('/') ? `${base}${path}` : '' }
}

/** The members of a TLS socket that are read. */
interface Peer {
  readonly getPeerX509Certificate?: () => { readonly raw: Uint8Array } | undefined
}

function readCertificate(
  req: RequestLike,
  header: string | undefined,
): Uint8Array | string | undefined {
  if (header === undefined) {
    return (req.socket as Peer | null | undefined)?.getPeerX509Certificate?.()?.raw
  }
  const value = readHeader(req, header)
  return value === undefined ? undefined : readCertificateHeader(value)
}
