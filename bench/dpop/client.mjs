/**
 * A DPoP client (RFC 9449 s4.2) with an ES256 key, which makes a proof in the time of its signature.
 */
import { createPrivateKey, hash, randomUUID, sign } from 'node:crypto'

/** @param jwk - its private key */
export function createClient(jwk) {
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  const { kty, crv, x, y } = jwk
  const header = encode({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } })
  return (token, changes = {}) => {
    const ath = hash('sha256', token, 'base64url')
    const iat = Math.floor(Date.now() / 1_000)
    const claims = { jti: randomUUID(), htm: 'GET', htu: 'http://127.0.0.1/profile', iat, ath }
    const input = `${header}.${encode({ ...claims, ...changes })}`
    const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
    return `${input}.${signature.toString('base64url')}`
  }
}

/** RFC 7638 */
export function toThumbprint({ crv, kty, x, y }) {
  return hash('sha256', JSON.stringify({ crv, kty, x, y }), 'base64url')
}

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
