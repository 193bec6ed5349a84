/**
 * The digest of a token, which stands for the token wherever something about it is remembered (RFC 9700 s4.9.3).
 */
import { hash } from 'node:crypto'

/** The SHA-256 of a token: 32 bytes, one character each. */
export function digestToken(token: string): string {
  return hash('sha256', token, 'binary')
}
