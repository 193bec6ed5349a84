/**
 * What a request presents besides its token: its DPoP proof, its method and URL, and the certificate of its client.
 */
import {
  type Demands,
  demandsOf,
  fastPathOf,
  normalizeUrl,
  readCertificateHeader,
  readName,
  readOptional,
} from '../verify/adapter-kit.ts'
import { ConfigError, type Presented, type Verifier } from '../verify/index.ts'
import type { ReadHeader } from './bearer-header.ts'

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
  /** What challenges say about DPoP; `undefined`: proofs are not taken. */
  readonly dpop: Demands['dpop']
  readonly takesCertificate: boolean
  /** Returns the start of the URL, in its normal form. */
  readonly origin: ((req: never) => string) | undefined
  /** In lower case. */
  readonly certificateHeader: string | undefined
}

/** What a kind of request does not show, so that an option must say it. */
export interface Hidden {
  readonly origin: boolean
  readonly certificate: boolean
}

/** How one kind of request is read. */
export interface PresentedReader<Req> {
  readonly readHeader: ReadHeader<Req>
  /** All values of a header, joined by commas or in a list. @param name - in lower case */
  readonly readHeaderLines: (req: Req, name: string) => string | readonly string[] | undefined
  /** The method, and the path with the query; or the whole URL, whose host counts for nothing. */
  readonly readTarget: (req: Req) => { readonly method: string; readonly target: string }
  /** The certificate of the connection. */
  readonly readCertificate: (req: Req) => Uint8Array | undefined
}

/** Behind a wrapper that shows nothing of its verifier. */
const UNKNOWN_DPOP = { algorithms: [], required: false }

/**
 * @returns `undefined` if nothing is read besides the token
 * @throws {@link ConfigError} that names the invalid option
 */
export function readPresentedOptions(
  { origin, trustedCertificateHeader }: PresentedOptions<never>,
  verifier: Verifier<unknown>,
  hidden: Hidden,
): PresentedSettings | undefined {
  const demands = demandsOf(verifier) ?? assumeDemands(verifier, origin, trustedCertificateHeader)
  const { dpop, mtls = false } = demands ?? {}
  if (dpop && hidden.origin && origin === undefined) throw withoutOrigin()
  if (!dpop && origin !== undefined) throw withoutEffect('origin', 'dpop')
  if (mtls && hidden.certificate && trustedCertificateHeader === undefined) {
    throw withoutConnection()
  }
  if (!mtls && trustedCertificateHeader !== undefined) {
    throw withoutEffect('trustedCertificateHeader', 'mtls')
  }
  if (!dpop && !mtls) return undefined
  const header = readOptional(readName, 'trustedCertificateHeader', trustedCertificateHeader)
  return {
    dpop,
    takesCertificate: mtls,
    origin: readOptional(readOrigin, 'origin', origin),
    certificateHeader: header?.toLowerCase(),
  }
}

/** Nobody knows what the verifier behind a wrapper asks for. */
function assumeDemands(
  verifier: Verifier<unknown>,
  origin: unknown,
  trustedCertificateHeader: unknown,
): Demands | undefined {
  if (fastPathOf(verifier) !== undefined) return undefined
  return {
    dpop: origin === undefined ? undefined : UNKNOWN_DPOP,
    mtls: trustedCertificateHeader !== undefined,
  }
}

function withoutOrigin(): ConfigError {
  return new ConfigError(
    '"origin" must be given with "dpop": the scheme and host of this API as its clients see them, such as https://api.example.com',
  )
}

function withoutConnection(): ConfigError {
  return new ConfigError(
    '"trustedCertificateHeader" must be given with "mtls": a web Request shows no certificate of the connection',
  )
}

function withoutEffect(option: string, needed: string): ConfigError {
  return new ConfigError(
    `"${option}" has no effect without "${needed}": set it in the options of createVerifier()`,
  )
}

function readOrigin(_name: string, origin: unknown): (req: unknown) => string {
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
export function toPresented<Req>(
  req: Req,
  scheme: string | undefined,
  settings: PresentedSettings,
  reader: PresentedReader<Req>,
): Presented {
  const { dpop, takesCertificate, origin } = settings
  const proof = dpop ? reader.readHeaderLines(req, 'dpop') : undefined
  const presented = {
    scheme: scheme ?? (proof === undefined ? 'Bearer' : 'DPoP'),
    proof,
    request:
      origin && proof !== undefined
        ? toRequest(reader.readTarget(req), origin(req as never))
        : undefined,
  }
  if (!takesCertificate) return presented
  return {
    ...presented,
    // most tokens are not bound to a certificate
    get certificate() {
      return findCertificate(req, settings, reader)
    },
  }
}

function findCertificate<Req>(
  req: Req,
  { certificateHeader }: PresentedSettings,
  reader: PresentedReader<Req>,
): Presented['certificate'] {
  if (certificateHeader === undefined) return reader.readCertificate(req)
  const value = reader.readHeader(req, certificateHeader)
  return value === undefined ? undefined : readCertificateHeader(value)
}

// RFC 9112 s3.2.2: a client may also send the whole URL, whose host it has chosen
const ABSOLUTE_FORM = /^https?:\/\/[^/?#]*/i

function toRequest(
  { method, target }: { readonly method: string; readonly target: string },
  base: string,
): Presented['request'] {
  const path = target.replace(ABSOLUTE_FORM, '')
  // `*` and the targets of CONNECT are no paths
  return { method, url: path.startsWith('/') ? `${base}${path}` : '' }
}
