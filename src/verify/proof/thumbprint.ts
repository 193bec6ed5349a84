/**
 * The digests that bind a token to a key or a certificate, and a proof to a token.
 */
import { hash, timingSafeEqual, X509Certificate } from 'node:crypto'

/** The thumbprint of a key (RFC 7638). @param members - its required members */
export function toThumbprint(members: Readonly<Record<string, string>>): string {
  // RFC 7638 s3.3: in lexicographic order
  // Stryker disable next-line EqualityOperator: no two members have the same name
  const sorted = Object.entries(members).sort(([one], [other]) => (one < other ? -1 : 1))
  return hash('sha256', JSON.stringify(Object.fromEntries(sorted)), 'base64url')
}

/**
 * The thumbprint of a certificate (RFC 8705 s3.1).
 * @param certificate - DER or PEM
 * @returns `undefined` if it is no certificate
 */
export function toCertificateThumbprint(certificate: unknown): string | undefined {
  try {
    const isDer = certificate instanceof Uint8Array
    const der = isDer ? certificate : new X509Certificate(certificate as string).raw
    return hash('sha256', der, 'base64url')
    // Stryker disable next-line BlockStatement: a function without a result returns undefined
  } catch {
    return undefined
  }
}

/** Compares two digests in base64url, in a time that does not depend on where they differ. */
export function isSameDigest(expected: string, actual: unknown): boolean {
  if (typeof actual !== 'string') return false
  const [one, other] = [Buffer.from(expected), Buffer.from(actual)]
  return one.length === other.length && timingSafeEqual(one, other)
}
