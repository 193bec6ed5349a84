/**
 * Keys from the configuration in PEM (RFC 7468), as consoles and `openssl` show them.
 */
import { createPublicKey } from 'node:crypto'
import { ConfigError } from '../errors.ts'

const BLOCK = /-----BEGIN ([^-\r\n]*)-----/g
const PUBLIC = ['PUBLIC KEY', 'RSA PUBLIC KEY', 'CERTIFICATE']

/**
 * Reads a public key, or the key of an X.509 certificate, whose dates and issuer are not checked. It has no `kid`.
 * @throws {@link ConfigError} for any other text, and for a private key
 */
export function toJwk(pem: string): object {
  // environment variables often contain the two characters instead of a line feed
  const text = pem.replaceAll('\\n', '\n')
  const labels = [...text.matchAll(BLOCK)].map(([, label = '']) => label)
  if (labels.some((label) => label.includes('PRIVATE KEY'))) {
    throw new ConfigError('"jwks" contains a private key: give the public key only')
  }
  const [label = ''] = labels
  if (labels.length !== 1 || !PUBLIC.includes(label)) {
    throw new ConfigError(
      '"jwks" contains a text that is not one public key or certificate in PEM (BEGIN PUBLIC KEY, BEGIN CERTIFICATE)',
    )
  }
  try {
    return createPublicKey(text).export({ format: 'jwk' })
  } catch (cause) {
    throw new ConfigError('"jwks" contains a PEM that cannot be read as a public key', { cause })
  }
}
