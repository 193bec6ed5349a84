/**
 * The identifier of a protected resource, for which clients request tokens, and which `aud` then contains.
 */
import { readString, toSecureUrl } from '../verify/adapter-kit.ts'
import { ConfigError } from '../verify/index.ts'

/**
 * Reads a resource identifier (RFC 9728 s1.2, RFC 8707 s2): an https URL (or http on loopback) without fragment.
 * @throws {@link ConfigError} for any other value
 */
export function readResource(resource: unknown): URL {
  const text = readString('resource', resource)
  const url = toSecureUrl(text)
  if (url && !text.includes('#')) return url
  throw new ConfigError('"resource" must be an https URL without fragment')
}
