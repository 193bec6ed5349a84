/**
 * Reads a client certificate that a proxy has put into a header.
 */

// RFC 9440 s2.1, RFC 8941 s3.3.5
const BYTE_SEQUENCE = /^:([A-Za-z0-9+/]+=*):$/

/**
 * The certificate in a header.
 * @param value - URL-encoded PEM, as from an Application Load Balancer or nginx, or the `Client-Cert` header of RFC 9440
 * @returns DER or PEM; `undefined` for anything else
 */
export function readCertificateHeader(value: string): Uint8Array | string | undefined {
  const base64 = BYTE_SEQUENCE.exec(value)?.[1]
  if (base64 !== undefined) return Buffer.from(base64, 'base64')
  try {
    return decodeURIComponent(value)
    // Stryker disable next-line BlockStatement: a function without a result returns undefined
  } catch {
    return undefined
  }
}
