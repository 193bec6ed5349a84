/**
 * Which addresses are safe to rely on: https, and http on hosts of this machine and those that the developer names; written
 * in the one way in which the URL parser writes them.
 */

// *.localhost is this machine, too (RFC 6761 s6.3)
const LOOPBACK = /^(?:(?:[^.]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])$/
const PRINTABLE = /^[\x21-\x7e]+$/
const HTTP = /^https?:/i
/** A slash or backslash to some servers, and none to others. */
const ENCODED_SLASH = /%(?:2f|5c)/i

/** Hosts to which plain http is allowed beside those of this machine. */
export type InsecureHosts = ReadonlySet<string>

const NONE: InsecureHosts = new Set()

/** The URL, or `undefined` if nothing from there may be relied on. */
export function toSecureUrl(text: unknown, insecureHosts = NONE): URL | undefined {
  if (typeof text !== 'string' || !URL.canParse(text)) return undefined
  const url = new URL(text)
  const isPlainAllowed = LOOPBACK.test(url.hostname) || insecureHosts.has(url.hostname)
  const isAllowed = url.protocol === 'https:' || (url.protocol === 'http:' && isPlainAllowed)
  // credentials in a URL end up in logs
  return isAllowed && url.username === '' && url.password === '' ? url : undefined
}

/**
 * Whether a URL is written as the URL parser writes it back, but for a slash at the end of a bare origin. Any other text can
 * be read as another address than it seems to be: a backslash is a slash, tabs and newlines vanish, `EXAMPLE` is `example`.
 */
export function isCanonical(text: string, { href, pathname }: URL): boolean {
  return text === href || (pathname === '/' && `${text}/` === href)
}

/**
 * Whether an issuer's name is written so that nobody can take it for another address than it is: canonical, without user
 * info, query, fragment and encoded slashes. A name that is no URL passes, unless it looks like one: an address that is made of it would be none.
 */
export function isCanonicalIssuer(text: string): boolean {
  if (!PRINTABLE.test(text) || ENCODED_SLASH.test(text)) return false
  if (!URL.canParse(text)) return !HTTP.test(text)
  const url = new URL(text)
  if (!isCanonical(text, url)) return false
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return true
  return url.username === '' && url.password === '' && !text.includes('?') && !text.includes('#')
}
