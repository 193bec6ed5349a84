/**
 * A browser lets only the site itself set a cookie whose name begins with `__Host-`. A sibling domain can set a cookie with a
 * similar name, which must never be taken for it: names are compared byte by byte (RFC 6265 s5.4, s4.1.2).
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { createVerifier } from 'jwt-gate'
import { authErrorHandler, cookieToken, requireJwt } from 'jwt-gate/express'
import { type AuthorizerGateway, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { talk } from '../express/raw-socket.ts'
import { claimsOf, now, trust } from './setup.ts'

const NAME = '__Host-access_token'
const issuer = await createTestIssuer({ now })
const verifier = createVerifier(trust(issuer), { now })
const token = await issuer.token(claimsOf(issuer))

const BYTES = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte))
// characters of several bytes: a byte order mark, and what Unicode or JavaScript treat as white space or as ignorable
const CHARACTERS = ['\ufeff', '\u3000', '\u2028', '\u2029', '\u1680', '\u2003', '\u202f', '\u205f']
const INVISIBLE = ['\u180e', '\u200b', '\u200d', '\u2060', '\u00ad', '\u0300']
/** White space of RFC 9110 s5.6.3. It may surround a name and is not part of it. */
const BLANKS = [' ', '\t']
/** A semicolon before a name ends the previous pair, in every implementation. */
const BEFORE = [...BLANKS, ';']

/** The bytes of a `Cookie` header, as they are read from a socket. */
const cookieWith = (before: string, after: string) => `a=1;${before}${NAME}${after}=${token}`

describe('through Express, over a socket', () => {
  const app = express()
  app.use(requireJwt(verifier, { getToken: cookieToken(NAME) }))
  app.get('/', (_req, res) => void res.sendStatus(200))
  app.use(authErrorHandler())
  const server = createServer(app)
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  afterAll(() => new Promise((resolve) => server.close(resolve)))

  async function isAccepted(cookie: string): Promise<boolean> {
    const { port } = server.address() as AddressInfo
    const text = `GET / HTTP/1.1\r\nHost: a\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`
    const answer = await talk(port, { pieces: [Buffer.from(text, 'latin1')], half: false })
    return answer.startsWith('HTTP/1.1 200')
  }

  const acceptedOf = async (toCookie: (byte: string) => string): Promise<string[]> => {
    const accepted: string[] = []
    for (const byte of BYTES) if (await isAccepted(toCookie(byte))) accepted.push(byte)
    return accepted.sort()
  }

  test('no byte before the name is ignored, except spaces, tabs and a semicolon', async () => {
    expect(await isAccepted(cookieWith('', ''))).toBe(true)
    expect(await acceptedOf((byte) => cookieWith(byte, ''))).toEqual([...BEFORE].sort())
  })

  test('no byte after the name is ignored, except spaces and tabs', async () => {
    expect(await acceptedOf((byte) => cookieWith('', byte))).toEqual([...BLANKS].sort())
  })

  test('no byte inside the name is ignored', async () => {
    const [start, end] = [NAME.slice(0, 7), NAME.slice(7)]

    expect(await acceptedOf((byte) => `a=1; ${start}${byte}${end}=${token}`)).toEqual([])
  })

  test.each([...CHARACTERS, ...INVISIBLE])(
    'no character of several bytes is ignored: %j',
    async (one) => {
      const bytes = Buffer.from(one).toString('latin1')

      expect(await isAccepted(cookieWith(bytes, ''))).toBe(false)
      expect(await isAccepted(cookieWith('', bytes))).toBe(false)
    },
  )

  test('no byte around the value is stripped, except spaces and tabs', async () => {
    const around = await acceptedOf((byte) => `${NAME}=${byte}${token}`)
    const behind = await acceptedOf((byte) => `${NAME}=${token}${byte}`)

    expect(around).toEqual([...BLANKS].sort())
    expect(behind).toEqual([...BLANKS, ';'].sort())
  })

  test('a cookie with a similar name does not count as a duplicate', async () => {
    expect(await isAccepted(`\xa0${NAME}=evil; ${NAME}=${token}; ${NAME}\xa0=evil`)).toBe(true)
  })
})

describe.each<[string, AuthorizerGateway]>([
  ['the cookie list of payload format 2.0', 'http-2.0'],
  ['the header of a REST API', 'rest-request'],
  ['the header of payload format 1.0', 'http-1.0'],
  ['the header of a WebSocket API', 'websocket'],
])('through the authorizer, in %s', (_, gateway) => {
  const handler = createAuthorizer(verifier, { token: { cookie: NAME } })
  const isAccepted = async (pair: string): Promise<boolean> => {
    const event = createAuthorizerEvent(gateway, { cookies: ['a=1', pair] })
    const answer = await handler(event).catch((error: Error) => error)
    if (answer instanceof Error) {
      expect(answer.message).toBe('Unauthorized')
      return false
    }
    return answer.policyDocument.Statement.some(({ Effect }) => Effect === 'Allow')
  }
  const all = [...BYTES, ...CHARACTERS, ...INVISIBLE]

  test('no other character before or after the name is ignored', async () => {
    expect(await isAccepted(`${NAME}=${token}`)).toBe(true)
    for (const one of all) {
      expect(await isAccepted(`${one}${NAME}=${token}`), `${one}name`).toBe(BEFORE.includes(one))
      expect(await isAccepted(`${NAME}${one}=${token}`), `name${one}`).toBe(BLANKS.includes(one))
    }
  })
})

test.each(['\xa0', ' ', '\t', '\ufeff', '\u3000', '\v', '\0', ';', '=', ',', '"', 'é'])(
  'a cookie name with %j is rejected at start-up',
  (one) => {
    for (const name of [`${one}${NAME}`, `${NAME}${one}`]) {
      expect(() => cookieToken(name)).toThrow('"name" must be a name')
      expect(() => createAuthorizer(verifier, { token: { cookie: name } })).toThrow(
        '"token.cookie"',
      )
    }
  },
)
