/**
 * The identifier of a protected resource: what clients ask tokens for, and what `aud` then holds.
 */
import { readString, toSecureUrl } from '../verify/adapter-kit.ts'
import { ConfigError } from '../verify/index.ts'

/**
 * RFC 9728 s1.2, RFC 8707 s2: https (or http on loopback), without fragment.
 * @throws {@link ConfigError} for anything else
 */
export function readResource(resource: unknown): URL {
  const text = readString('resource', resource)
  const url = toSecureUrl(text)
  if (url && !text.includes('#')) return url
  throw new ConfigError('"resource" must be an https URL without fragment')
}
