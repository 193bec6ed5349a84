/**
 * Each byte string has one spelling: only the text that Node itself would write is decoded, whatever else its decoder accepts.
 */
import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { decodeBase64url } from '../../../src/verify/token/base64url.ts'
import { LETTERS } from '../support/raw-token.ts'

const bytes = Buffer.alloc(64)

/** Whether the text is decoded. If so, its bytes must be encoded as this text, and must be complete. */
function isRead(text: string): boolean {
  const length = decodeBase64url(text, bytes)
  if (length === undefined) return false
  const right = Buffer.from(text, 'base64url')
  if (right.toString('base64url') !== text || !bytes.subarray(0, length).equals(right)) {
    throw new Error(`reads ${JSON.stringify(text)}`)
  }
  return true
}

test.each([0, 1, 2, 3, 4, 5, 6, 7, 31, 32])('decodes all encodings of %i bytes', (size) => {
  for (let value = 0; value < 256; value++) {
    const written = Buffer.alloc(size, value).toString('base64url')
    expect(isRead(written)).toBe(true)
    expect(decodeBase64url(written, bytes)).toBe(size)
  }
})

test.each([
  ...[4, 6, 7, 8].flatMap((length) => Array.from({ length }, (_, at) => [at, length] as const)),
  ...[1, 5, 9].map((length) => [0, length] as const),
  ...[40, 42, 43].map((length) => [20, length] as const),
])('of all 65,536 characters at %i of %i, decodes only base64url characters', (at, length) => {
  // the others are zeros, which may be anywhere
  const before = 'A'.repeat(at)
  const after = 'A'.repeat(length - at - 1)
  const read: string[] = []
  for (let code = 0; code <= 0xffff; code++) {
    const character = String.fromCharCode(code)
    if (isRead(before + character + after)) read.push(character)
  }
  expect(read.sort()).toEqual(lettersAt(at, length).sort())
})

/** All base64url characters. At the end, only those without unused bits set, and none if one character is left over. */
function lettersAt(at: number, length: number): string[] {
  const rest = length % 4
  if (rest === 1) return []
  const step = at === length - 1 ? [1, 1, 16, 4][rest] : 1
  return [...LETTERS].filter((_, value) => value % (step as number) === 0)
}
