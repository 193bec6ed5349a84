/**
 * The content of a token, for tests that look into one.
 */
import { Buffer } from 'node:buffer'

export function decode(token: string, part: number): string {
  return Buffer.from(token.split('.')[part] ?? '', 'base64url').toString()
}

export function headerOf(token: string): Record<string, unknown> {
  return JSON.parse(decode(token, 0))
}

export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(decode(token, 1))
}
