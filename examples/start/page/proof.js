/** DPoP proofs (RFC 9449 s4.2), as a client makes them. The private key cannot leave the browser. */
import { encode } from './jwt.js'
import { now } from './store.js'

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** A new key pair, and its thumbprint (RFC 7638). */
export async function createKey() {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(ECDSA, false, ['sign'])
  const { crv, kty, x, y } = await crypto.subtle.exportKey('jwk', publicKey)
  const jwk = { crv, kty, x, y }
  return { privateKey, jwk, thumbprint: await digest(JSON.stringify(jwk)) }
}

/** A proof for one request with a token. */
export async function createProof({ privateKey, jwk }, method, url, token) {
  const header = { typ: 'dpop+jwt', alg: 'ES256', jwk }
  const payload = {
    jti: crypto.randomUUID(),
    htm: method,
    htu: url,
    iat: Math.floor(now() / 1_000),
    ath: await digest(token),
  }
  const signed = [header, payload].map((part) => encode(JSON.stringify(part))).join('.')
  const bytes = new TextEncoder().encode(signed)
  return `${signed}.${encode(await crypto.subtle.sign(ECDSA, privateKey, bytes))}`
}

async function digest(text) {
  return encode(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}
