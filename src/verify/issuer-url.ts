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
