/**
 * Reads a token without verifying it, to show it to the developer. Nothing may be decided by what this returns.
 */
import { Buffer } from 'node:buffer'

/** The parts of a token. Nobody has checked them. */
export interface UnverifiedToken {
  readonly header: Record<string, unknown>
  /** `undefined` if the token is encrypted. */
  readonly payload: Record<string, unknown> | undefined
  readonly signatureBytes: number
}

/** More would not be a token of anybody. */
const MAX_LENGTH = 1_048_576

/** Returns the parts, or what is wrong with the text. */
export function parseUnverified(token: string): UnverifiedToken | string {
  if (token.length > MAX_LENGTH) return `it has ${token.length} characters`
  const parts = token.trim().split('.')
  const [first = '', second = '', third = ''] = parts
  const isEncrypted = parts.length === 5
  if (parts.length !== 3 && !isEncrypted) {
    return `a JWT has three parts with dots between them, and this has ${parts.length === 1 ? 'no dot' : `${parts.length} parts`}`
  }
  const header = parsePart(first)
  if (header === undefined) return 'its first part, the header, is not a JSON object in base64url'
  if (isEncrypted) return { header, payload: undefined, signatureBytes: 0 }
  const payload = parsePart(second)
  if (payload === undefined) return 'its second part, the claims, is not a JSON object in base64url'
  return { header, payload, signatureBytes: Buffer.from(third, 'base64url').length }
}

function parsePart(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    // not JSON
  }
  return undefined
}
