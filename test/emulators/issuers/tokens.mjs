/**
 * Changes that tests make to tokens.
 */
import { Buffer } from 'node:buffer'

export function decodeHeader(token) {
  return decode(token.split('.')[0])
}

export function decodeClaims(token) {
  return decode(token.split('.')[1])
}

/** The same token with another subject: its signature does not match its claims. */
export function forge(token) {
  const [header, , signature] = token.split('.')
  const claims = { ...decodeClaims(token), sub: 'mallory' }
  return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.')
}

function decode(part) {
  return JSON.parse(Buffer.from(part, 'base64url').toString())
}
