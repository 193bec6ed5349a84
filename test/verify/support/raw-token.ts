/**
 * Tokens whose text is wrong and whose signature is right: only the check that is tested can refuse them.
 */
import { Buffer } from 'node:buffer'
import type { TestIssuer, TestKey } from 'jwt-gate/testing'
import { signWith } from '../../../src/testing/test-key.ts'

/** Those of base64url, each at the value that it stands for (RFC 4648 s5). */
export const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Base64url text stands in the token as it is; bytes are encoded. */
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

/** All other text that means the same bytes: its last letter has other spare bits. */
export function otherSpellings(text: string): string[] {
  const bytes = Buffer.from(text, 'base64url')
  return [...LETTERS]
    .map((last) => text.slice(0, -1) + last)
    .filter((other) => other !== text && Buffer.from(other, 'base64url').equals(bytes))
}
