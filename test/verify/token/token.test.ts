/**
 * Step 1: whether the text is a token. Every forged text is signed, so that it is not the signature that fails.
 */
import { Buffer } from 'node:buffer'
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import {
  encode,
  firstKey,
  otherSpellings,
  type Part,
  signParts,
  split,
} from '../support/raw-token.ts'

const issuer = await createTestIssuer()
const trusted = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }
const verifier = createVerifier(trusted)
const MALFORMED = { name: 'TokenError', code: 'ERR_TOKEN_MALFORMED', status: 401 }

const { alg, kid } = firstKey(issuer)
const HEADER = JSON.stringify({ alg, kid })
const PAYLOAD = JSON.stringify({ iss: issuer.issuer, exp: 4_000_000_000 })
const bytes = (...parts: (string | readonly number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)))
/** The same text with these bytes inside a string. */
const withBytes = (json: string, inside: readonly number[]): Buffer =>
  bytes(`${json.slice(0, -1)},"x":"`, inside, '"}')

test('accepts a token with a valid signature, form and claims', async () => {
  const token = await signParts(issuer, bytes(HEADER), bytes(PAYLOAD))

  const { claims, header } = await verifier.verify(token)

  expect(claims).toEqual(JSON.parse(PAYLOAD))
  expect(header).toEqual(JSON.parse(HEADER))
})

test.each([undefined, null, ''])('reports a missing token for %j', async (nothing) => {
  const work = verifier.verify(nothing as string)

  await expect(work).rejects.toMatchObject({ code: 'ERR_TOKEN_MISSING', status: 401 })
})

test.each([1, true, {}, [], Object('a.b.c'), Buffer.from('a.b.c'), Symbol('a.b.c')])(
  'rejects a value that is no string (%#)',
  async (value) => {
    await expect(verifier.verify(value as string)).rejects.toMatchObject(MALFORMED)
  },
)

describe('size', () => {
  test('accepts a token of exactly maxTokenBytes', async () => {
    const token = await issuer.accessToken()
    const exact = createVerifier(trusted, { maxTokenBytes: token.length })

    await expect(exact.verify(token)).resolves.toBeDefined()
  })

  test('rejects a token of one byte more, whatever its content', async () => {
    const token = await issuer.accessToken()
    const small = createVerifier(trusted, { maxTokenBytes: token.length - 1 })

    await expect(small.verify(token)).rejects.toMatchObject({ code: 'ERR_TOKEN_TOO_LARGE' })
  })

  test('rejects more than 16384 bytes by default, before it checks the form', async () => {
    await expect(verifier.verify('.'.repeat(16_384))).rejects.toMatchObject(MALFORMED)
    await expect(verifier.verify('.'.repeat(16_385))).rejects.toMatchObject({
      code: 'ERR_TOKEN_TOO_LARGE',
      status: 401,
    })
  })
})

describe('parts', () => {
  test.each([
    ['no dot', ([a, b, c]: string[]) => `${a}${b}${c}`],
    ['one dot', ([a, b]: string[]) => `${a}.${b}`],
    ['a fourth part', ([a, b, c]: string[]) => `${a}.${b}.${c}.`],
    ['five parts, as an encrypted token has', ([a, b, c]: string[]) => `${a}.${b}.${c}.${c}.${c}`],
    ['a leading dot', ([a, b, c]: string[]) => `.${a}.${b}.${c}`],
    ['no header', ([, b, c]: string[]) => `.${b}.${c}`],
    ['no payload', ([a, , c]: string[]) => `${a}..${c}`],
    [
      'the JSON serialization',
      ([a, b, c]: string[]) => JSON.stringify({ protected: a, payload: b, signature: c }),
    ],
    ['a leading scheme', ([a, b, c]: string[]) => `Bearer ${a}.${b}.${c}`],
  ])('rejects a token with %s', async (_, change) => {
    const token = change(split(await issuer.accessToken()))

    await expect(verifier.verify(token)).rejects.toMatchObject(MALFORMED)
  })

  test('rejects a text without a dot that begins with a valid header', async () => {
    const header = encode(HEADER + ' '.repeat((4 - (HEADER.length % 3)) % 3))

    await expect(verifier.verify(`${header}A`)).rejects.toMatchObject(MALFORMED)
  })

  test('reports an empty signature as wrong', async () => {
    const [header, payload] = split(await issuer.accessToken())

    const work = verifier.verify(`${header}.${payload}.`)

    await expect(work).rejects.toMatchObject({ code: 'ERR_TOKEN_SIGNATURE' })
  })
})

describe('base64url', () => {
  const strays = ['==', ...'=+/ \n\t\0!"é😀\ufeff\ud800']

  test.each(strays)('rejects %j in the header', async (stray) => {
    const token = await signParts(issuer, encode(HEADER) + stray, encode(PAYLOAD))

    await expect(verifier.verify(token)).rejects.toMatchObject(MALFORMED)
  })

  test.each(strays)('rejects %j in the payload', async (stray) => {
    const text = encode(PAYLOAD)
    const token = await signParts(issuer, encode(HEADER), text.slice(0, 4) + stray + text.slice(4))

    await expect(verifier.verify(token)).rejects.toMatchObject(MALFORMED)
  })

  test.each(strays)('rejects %j in the signature', async (stray) => {
    const token = await issuer.accessToken()

    await expect(verifier.verify(token + stray)).rejects.toMatchObject(MALFORMED)
  })

  test.each([
    ['header', 2],
    ['header', 1],
    ['payload', 2],
    ['payload', 1],
  ])(
    'rejects a %s whose last character has unused bits set (length %% 3 = %i)',
    async (part, rest) => {
      const json = part === 'header' ? HEADER : PAYLOAD
      const good = encode(json + ' '.repeat((rest + 3 - (json.length % 3)) % 3))
      const strays = otherSpellings(good)
      expect(strays.length).toBe(rest === 1 ? 15 : 3)

      for (const stray of strays) {
        const parts: [Part, Part] =
          part === 'header' ? [stray, encode(PAYLOAD)] : [encode(HEADER), stray]
        const token = await signParts(issuer, ...parts)
        await expect(verifier.verify(token)).rejects.toMatchObject(MALFORMED)
      }
    },
  )

  test('rejects a signature whose last character has unused bits set', async () => {
    const [header, payload, signature] = split(await issuer.accessToken())
    const strays = otherSpellings(signature)

    expect(strays.length).toBe(15)
    for (const stray of strays) {
      const token = `${header}.${payload}.${stray}`
      await expect(verifier.verify(token)).rejects.toMatchObject(MALFORMED)
    }
  })
})

describe('UTF-8', () => {
  test.each([
    ['an invalid byte', [0xff]],
    ['an overlong encoding', [0xc0, 0x80]],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a truncated character', [0xe2, 0x82]],
  ])('rejects %s, in the header and in the payload', async (_, wrong) => {
    const inHeader = await signParts(issuer, withBytes(HEADER, wrong), bytes(PAYLOAD))
    const inPayload = await signParts(issuer, bytes(HEADER), withBytes(PAYLOAD, wrong))

    await expect(verifier.verify(inHeader)).rejects.toMatchObject(MALFORMED)
    await expect(verifier.verify(inPayload)).rejects.toMatchObject(MALFORMED)
  })

  test('rejects a byte order mark, and UTF-16', async () => {
    const marked = await signParts(issuer, bytes(HEADER), bytes([0xef, 0xbb, 0xbf], PAYLOAD))
    const utf16 = await signParts(issuer, bytes(HEADER), Buffer.from(PAYLOAD, 'utf16le'))

    await expect(verifier.verify(marked)).rejects.toMatchObject(MALFORMED)
    await expect(verifier.verify(utf16)).rejects.toMatchObject(MALFORMED)
  })

  test('keeps characters outside ASCII, including the replacement character', async () => {
    const name = 'Zoë 👋 \ufffd'

    const { claims } = await verifier.verify(await issuer.accessToken({ name }))

    expect(claims['name']).toBe(name)
  })
})
