/**
 * How a request of Node's servers is read.
 */
import type { PresentedReader } from '../../http-request/presented.ts'
import { type RequestLike, readHeader, readHeaderLines } from './request-headers.ts'

/** The members of a TLS socket that are read. */
interface Peer {
  readonly getPeerX509Certificate?: () => { readonly raw: Uint8Array } | undefined
}

export const NODE_REQUEST: PresentedReader<RequestLike> = {
  readHeader,
  readHeaderLines,
  // a router removes the part that it is mounted at from `url` alone
  // Stryker disable next-line StringLiteral: no proof is for such a method or URL
  readTarget: ({ method = '', originalUrl, url = '' }) => ({ method, target: originalUrl ?? url }),
  readCertificate: ({ socket }) =>
    (socket as Peer | null | undefined)?.getPeerX509Certificate?.()?.raw,
}
