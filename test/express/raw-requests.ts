/**
 * Requests of random bytes: well formed, nearly well formed, and malformed, several of them over one connection.
 */
import fc from 'fast-check'
import type { Sending } from './raw-socket.ts'

export const REQUESTS_EACH = 5

const LAST = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

// biome-ignore format: lists
const ODD_NAMES = [
  'AUTHORIZATION', 'Authorization ', ' Authorization', 'X-Authorization', 'Sec-Fetch-Site',
  'Origin', '__proto__', 'constructor', 'Expect', 'Upgrade', 'Connection', 'a\0b',
]
// biome-ignore format: lists
const ODD_SCHEMES = [
  'BEARER   ', 'Bearer\t', 'Bearer', 'Bearer,', 'Basic ', '', ' ', 'token="', 'Bearer\r\n ',
  'Bearer x, Bearer ', 'token=x; token=', '\xa0Bearer ',
]

/** The data for one connection. Some of it includes one of these tokens. */
export function sendings(tokens: readonly string[]): fc.Arbitrary<Sending> {
  const requests = fc.array(request(tokens), {
    minLength: REQUESTS_EACH,
    maxLength: REQUESTS_EACH,
  })
  const framed = requests.map((all) => ({ text: all.join('') + LAST, half: false }))
  const broken = fc
    .tuple(requests, fc.double({ min: 0, max: 1, noNaN: true }), bytes(20))
    .map(([all, part, junk]) => {
      const text = all.join('')
      const at = Math.floor(text.length * part)
      return { text: text.slice(0, at) + junk + text.slice(at), half: true }
    })
  return fc
    .tuple(fc.oneof({ weight: 4, arbitrary: framed }, broken), fc.nat(2_000), fc.nat(2_000))
    .map(([{ text, half }, first, second]) => ({ half, pieces: cut(text, first, first + second) }))
}

function cut(text: string, first: number, second: number): Buffer[] {
  const parts = [text.slice(0, first), text.slice(first, second), text.slice(second)]
  return parts.filter((part) => part !== '').map((part) => Buffer.from(part, 'latin1'))
}

function request(tokens: readonly string[]): fc.Arbitrary<string> {
  const method = often(
    ['GET', 'POST', 'HEAD', 'OPTIONS'],
    ['DELETE', 'QUERY', 'TRACE', 'get', 'P@'],
  )
  const target = often(
    ['/', '/cookie', '/optional'],
    ['//', '/%', '/%00/..', '*', 'http://a/', 'a:1', '/?access_token=x', `/${'a'.repeat(3_000)}`],
  )
  const version = often(['HTTP/1.1'], ['HTTP/1.0', 'HTTP/2.0', 'HTTP/1.1 '])
  const host = often(['Host: a\r\n'], ['', 'Host: \r\n', 'Host: a\r\nHost: b\r\n'])
  const headers = fc.array(header(tokens), { maxLength: 2 }).map((all) => all.join(''))
  return fc
    .tuple(method, target, version, host, headers, body(tokens))
    .map(([verb, to, http, at, lines, end]) => `${verb} ${to} ${http}\r\n${at}${lines}${end}`)
}

/** Usually one of the first, sometimes one of the others. */
function often(
  first: readonly string[],
  others: readonly string[],
  weight = 24,
): fc.Arbitrary<string> {
  const [usual, odd] = [fc.constantFrom(...first), fc.constantFrom(...others)]
  return fc.oneof({ weight, arbitrary: usual }, odd)
}

/** The end of the head, and a body of the announced length. */
function body(tokens: readonly string[]): fc.Arbitrary<string> {
  const token = fc.constantFrom(...tokens)
  const form = token.map((one) => {
    const text = `access_token=${one}`
    const type = 'Content-Type: application/x-www-form-urlencoded'
    return `${type}\r\nContent-Length: ${text.length}\r\n\r\n${text}`
  })
  const chunked = bytes(30).map((text) => {
    const chunk = text === '' ? '' : `${text.length.toString(16)}\r\n${text}\r\n`
    return `Transfer-Encoding: chunked\r\n\r\n${chunk}0\r\n\r\n`
  })
  return fc.oneof({ weight: 8, arbitrary: fc.constant('\r\n') }, form, chunked)
}

function header(tokens: readonly string[]): fc.Arbitrary<string> {
  const name = often(['Authorization', 'authorization', 'Cookie', 'cookie'], ODD_NAMES)
  const value = fc.oneof(
    { weight: 12, arbitrary: credentials(tokens) },
    fc.constantFrom('same-origin', 'cross-site', '100-continue', 'websocket', 'upgrade', 'null'),
    bytes(12),
  )
  return fc.tuple(name, value).map(([one, text]) => `${one}: ${text}\r\n`)
}

function credentials(tokens: readonly string[]): fc.Arbitrary<string> {
  const scheme = often(['Bearer ', 'bearer ', 'token=', 'a=b; token='], ODD_SCHEMES, 4)
  const token = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...tokens) },
    fc.tuple(fc.constantFrom(...tokens), fc.nat(), bytes(1)).map(([one, at, other]) => {
      const place = at % (one.length + 1)
      return one.slice(0, place) + other + one.slice(place + 1)
    }),
    bytes(40),
  )
  const after = often([''], [' ', '\t', ' x', ',', '=', '"', '; a=b', '\0', '\r\n x'])
  return fc.tuple(scheme, token, after).map((parts) => parts.join(''))
}

/** Any bytes at all. */
function bytes(maxLength: number): fc.Arbitrary<string> {
  return fc.uint8Array({ maxLength }).map((all) => Buffer.from(all).toString('latin1'))
}
