/**
 * A signature by the right key must not be accepted unless it is over exactly this text, with the padding and the digest that
 * `alg` names (RFC 7515 s5.2; RFC 7518 s3.3, s3.5; RFC 8725 s3.3).
 */
import { Buffer } from 'node:buffer'
import { constants, createHash, KeyObject, sign } from 'node:crypto'
import type { Algorithm } from 'jwt-gate'
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { split } from '../verify/support/raw-token.ts'
import { claimsOf, judge, now, SIGNATURE, trust } from './setup.ts'

const issuer = await createTestIssuer({ now, algorithms: ['PS256'] })
const trusted = trust(issuer)
const claims = claimsOf(issuer)
const mint = (alg: Algorithm): Promise<string> => issuer.token(claims, { key: issuer.keyFor(alg) })

function toNodeKey({ privateKey }: TestKey): string {
  return String(KeyObject.from(privateKey as never).export({ type: 'pkcs8', format: 'pem' }))
}

describe('no signature of the right key counts', () => {
  const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING } = constants
  const pss =
    (saltLength: number, digest = 'sha256') =>
    (text: string, key: TestKey) =>
      sign(digest, Buffer.from(text), {
        key: toNodeKey(key),
        padding: RSA_PKCS1_PSS_PADDING,
        saltLength,
      })
  const pkcs1 =
    (digest: string, toSigned = (text: string) => Buffer.from(text)) =>
    (text: string, key: TestKey) =>
      sign(digest, toSigned(text), { key: toNodeKey(key), padding: RSA_PKCS1_PADDING })

  test.each<[string, Algorithm, (text: string, key: TestKey) => Buffer]>([
    ['with PKCS#1 padding under PS256', 'PS256', pkcs1('sha256')],
    ['with PSS padding under RS256', 'RS256', pss(32)],
    ['with no PSS salt', 'PS256', pss(0)],
    ['with a PSS salt of 20 bytes', 'PS256', pss(20)],
    ['with a PSS salt of 31 bytes', 'PS256', pss(31)],
    ['with a PSS salt of 33 bytes', 'PS256', pss(33)],
    ['with the longest PSS salt', 'PS256', pss(constants.RSA_PSS_SALTLEN_MAX_SIGN)],
    ['with PSS over SHA-512', 'PS256', pss(64, 'sha512')],
    ['over SHA-1', 'RS256', pkcs1('sha1')],
    ['over MD5', 'RS256', pkcs1('md5')],
    ['over SHA-512', 'RS256', pkcs1('sha512')],
    [
      'over the digest of the text',
      'RS256',
      pkcs1('sha256', (text) => createHash('sha256').update(text).digest()),
    ],
    ['over the payload only', 'RS256', pkcs1('sha256', (text) => Buffer.from(split(text)[1]))],
    ['over the header only', 'RS256', pkcs1('sha256', (text) => Buffer.from(split(text)[0]))],
    [
      'over the decoded payload',
      'RS256',
      pkcs1('sha256', (text) => Buffer.from(split(text)[1], 'base64url')),
    ],
    [
      'over the text with a line feed',
      'RS256',
      pkcs1('sha256', (text) => Buffer.from(`${text}\n`)),
    ],
    [
      'over the text with a trailing dot',
      'RS256',
      pkcs1('sha256', (text) => Buffer.from(`${text}.`)),
    ],
    ['over nothing', 'RS256', pkcs1('sha256', () => Buffer.alloc(0))],
  ])('%s', async (_, alg, signWrong) => {
    const attack = await issuer.token(claims, { key: issuer.keyFor(alg), sign: signWrong })

    expect(await judge({ trusted, attack, control: await mint(alg) })).toBe(SIGNATURE)
  })
})
