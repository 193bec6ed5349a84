/**
 * Nonces without state: who accepts which, and for how long (RFC 9449 s8, s9).
 */
import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { Nonces } from '../../../src/verify/proof/nonces.ts'

const [one, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
const START = 1_800_000_000
const create = (secrets = [one], lifetime = 300, tolerance = 5) =>
  new Nonces(secrets, lifetime, tolerance)

test('a nonce is good for at least half of its lifetime, and never for longer than the whole', () => {
  for (let offset = 0; offset < 300; offset += 10) {
    const nonces = create()
    const made = START + offset
    const nonce = nonces.next(made)

    expect(nonces.has(nonce, made)).toBe(true)
    expect(nonces.has(nonce, made + 150)).toBe(true)
    expect(nonces.has(nonce, made + 300)).toBe(false)
  }
})

test('is one of characters that a header may have (RFC 9449 s8.1)', () => {
  expect(create().next(START)).toMatch(/^[\w-]{43}$/)
})

test('is an HMAC over its slot, for a purpose of its own', () => {
  const mac = createHmac('sha256', one).update(`jwt-gate DPoP nonce ${START / 150}`)

  expect(create().next(START)).toBe(mac.digest('base64url'))
})

test('differs from slot to slot, and stays the same within one', () => {
  const nonces = create()

  expect(nonces.next(START + 149)).toBe(nonces.next(START))
  expect(nonces.next(START + 150)).not.toBe(nonces.next(START))
})

test('another server with the same secret accepts it, also if its clock is behind', () => {
  const nonce = create().next(START + 150)

  expect(create().has(nonce, START + 150)).toBe(true)
  expect(create().has(nonce, START + 146)).toBe(true)
  expect(create().has(nonce, START + 144)).toBe(false)
})

test('at the end of a slot, the nonce of the slot before still counts', () => {
  const nonces = create()

  expect(nonces.has(nonces.next(START), START + 298)).toBe(true)
  expect(nonces.has(nonces.next(START), START + 300)).toBe(false)
})

test('the first secret makes nonces, and all of them verify', () => {
  const before = create([one])
  const during = create([other, one])

  expect(during.has(before.next(START), START)).toBe(true)
  expect(during.next(START)).toBe(create([other]).next(START))
  expect(create([other]).has(before.next(START), START)).toBe(false)
})

test.each([undefined, null, 1, '', 'x', ['x'], {}])('%j is no nonce', (nonce) => {
  expect(create().has(nonce, START)).toBe(false)
})

test('times are looked at in any order', () => {
  const nonces = create()
  const made = Array.from({ length: 50 }, (_, slot) => nonces.next(START + slot * 150))

  expect(new Set(made).size).toBe(50)
  made.forEach((nonce, slot) => {
    expect(nonces.has(nonce, START + slot * 150)).toBe(true)
  })
})
