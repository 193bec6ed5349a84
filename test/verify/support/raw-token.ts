/**
 * Tokens with a wrong text and a valid signature: only the check under test can reject them.
 */
import { Buffer } from 'node:buffer'
import type { TestIssuer, TestKey } from 'jwt-gate/testing'
import { signWith } from '../../../src/testing/test-key.ts'

/** The base64url characters, each at its value (RFC 4648 s5). */
export const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Text is used in the token unchanged, as base64url. Bytes are encoded. */
export type Part = string | Uint8Array

/** The base64url text of a string or of bytes. */
export function encode(part: string | Uint8Array): string {
  return Buffer.from(part as string).toString('base64url')
}

/** A token with these first two parts, signed with the issuer's first key. */
export async function signParts(issuer: TestIssuer, header: Part, payload: Part): Promise<string> {
  const key = firstKey(issuer)
  const signingInput = [header, payload]
    .map((part) => (typeof part === 'string' ? part : encode(part)))
    .join('.')
  return `${signingInput}.${encode(await signWith(signingInput, key))}`
}

/** The key that signs access tokens. */
export function firstKey(issuer: TestIssuer): TestKey {
  return issuer.keys[0] as TestKey
}

/** The three parts of a token. */
export function split(token: string): [header: string, payload: string, signature: string] {
  return token.split('.') as [string, string, string]
}

/** All other texts that decode to the same bytes: their last characters have other unused bits. */
export function otherSpellings(text: string): string[] {
  const bytes = Buffer.from(text, 'base64url')
  return [...LETTERS]
    .map((last) => text.slice(0, -1) + last)
    .filter((other) => other !== text && Buffer.from(other, 'base64url').equals(bytes))
}
