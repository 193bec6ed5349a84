/**
 * Which addresses are safe to rely on: https, and http on loopback hosts alone.
 */

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** The URL, or `undefined` where nothing from there may be relied on. */
export function toSecureUrl(text: unknown): URL | undefined {
  if (typeof text !== 'string' || !URL.canParse(text)) return undefined
  const url = new URL(text)
  const isAllowed = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))
  // credentials in a URL end up in logs
  return isAllowed && url.username === '' && url.password === '' ? url : undefined
}

/** Whether this is a host of this machine. */
export function isLoopback(url: URL): boolean {
  return LOOPBACK.test(url.hostname)
}

const PRINTABLE = /^[\x21-\x7e]+$/

/**
 * Whether an issuer's name is written so that nobody can take it for another address than it is: as the URL parser writes
 * it back, without user info, query and fragment. A name that is no URL passes.
 */
export function isCanonicalIssuer(text: string): boolean {
  if (!PRINTABLE.test(text)) return false
  if (!URL.canParse(text)) return true
  const url = new URL(text)
  if (url.href !== text && url.href !== `${text}/`) return false
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return true
  return url.username === '' && url.password === '' && !text.includes('?') && !text.includes('#')
}
