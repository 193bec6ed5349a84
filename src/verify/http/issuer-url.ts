/**
 * Checks URLs of issuers and key sets: https, or http on loopback hosts and hosts that the developer allows; in canonical form.
 */

// *.localhost is also this machine (RFC 6761 s6.3)
const LOOPBACK = /^(?:(?:[^.]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])$/
const PRINTABLE = /^[\x21-\x7e]+$/
const HTTP = /^https?:/i
/** Some servers decode it as a slash or backslash, others do not. */
const ENCODED_SLASH = /%(?:2f|5c)/i

/** Hosts to which plain http is allowed, besides loopback hosts. */
export type InsecureHosts = ReadonlySet<string>

const NONE: InsecureHosts = new Set()

/** Parses a URL; `undefined` if it is not one that keys may come from. */
export function toSecureUrl(text: unknown, insecureHosts = NONE): URL | undefined {
  if (typeof text !== 'string' || !URL.canParse(text)) return undefined
  const url = new URL(text)
  const isPlainAllowed = LOOPBACK.test(url.hostname) || insecureHosts.has(url.hostname)
  const isAllowed = url.protocol === 'https:' || (url.protocol === 'http:' && isPlainAllowed)
  // credentials in a URL end up in logs
  return isAllowed && url.username === '' && url.password === '' ? url : undefined
}

/**
 * Whether a URL is in canonical form, as the URL parser serializes it. The slash after a bare origin may be omitted. Any other
 * text can lead to a different address than it seems to: a backslash becomes a slash, tabs and newlines are removed, and
 * `EXAMPLE` becomes `example`.
 */
export function isCanonical(text: string, { href, pathname }: URL): boolean {
  return text === href || (pathname === '/' && `${text}/` === href)
}

/**
 * Whether an issuer identifier is unambiguous: canonical, without user info, query, fragment and encoded slashes. An identifier
 * that is not a URL passes, unless it starts like one: then no URL can be built from it.
 */
export function isCanonicalIssuer(text: string): boolean {
  if (!PRINTABLE.test(text) || ENCODED_SLASH.test(text)) return false
  if (!URL.canParse(text)) return !HTTP.test(text)
  const url = new URL(text)
  if (!isCanonical(text, url)) return false
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return true
  return url.username === '' && url.password === '' && !text.includes('?') && !text.includes('#')
}
