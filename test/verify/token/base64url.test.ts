/**
 * The one spelling: what is read is what Node itself would have written, whatever its decoder makes of other texts.
 */
import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { decodeBase64url } from '../../../src/verify/token/base64url.ts'
import { LETTERS } from '../support/raw-token.ts'

const bytes = Buffer.alloc(64)

/** Whether it is read; where it is, it is what its bytes are written as, and all of them came out. */
function isRead(text: string): boolean {
  const length = decodeBase64url(text, bytes)
  if (length === undefined) return false
  const right = Buffer.from(text, 'base64url')
  if (right.toString('base64url') !== text || !bytes.subarray(0, length).equals(right)) {
    throw new Error(`reads ${JSON.stringify(text)}`)
  }
  return true
}

test.each([0, 1, 2, 3, 4, 5, 6, 7, 31, 32])('reads all that are written, %i bytes long', (size) => {
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
])('of all 65,536 characters at %i of %i, reads the letters alone', (at, length) => {
  // the others are zeros, which may stand anywhere
  const before = 'A'.repeat(at)
  const after = 'A'.repeat(length - at - 1)
  const read: string[] = []
  for (let code = 0; code <= 0xffff; code++) {
    const character = String.fromCharCode(code)
    if (isRead(before + character + after)) read.push(character)
  }
  expect(read.sort()).toEqual(lettersAt(at, length).sort())
})

/** All letters, but at the end those alone that have no spare bits set; and none where one letter is left over. */
function lettersAt(at: number, length: number): string[] {
  const rest = length % 4
  if (rest === 1) return []
  const step = at === length - 1 ? [1, 1, 16, 4][rest] : 1
  return [...LETTERS].filter((_, value) => value % (step as number) === 0)
}
