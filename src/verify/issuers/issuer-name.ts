/**
 * Checks the name of an issuer. With the name of a document or with a placeholder in a configuration, everything starts, and then
 * every token is rejected.
 */
import { ConfigError } from '../errors.ts'

/** Whether a text has a part in `{ }` or `< >`. */
export function hasPlaceholder(text: string): boolean {
  return /\{[^{}]*\}|<[^<>]*>/.test(text)
}

/** @throws {@link ConfigError} for a text with a placeholder. What is no text passes */
export function assertFilledIn(option: 'issuer' | 'jwksUri', text: unknown): void {
  if (typeof text !== 'string' || !hasPlaceholder(text)) return
  throw new ConfigError(`"${option}" contains a placeholder in { } or < >: fill in its value`)
}

/**
 * Not for what a function finds: that is the `iss` of a token, which must not be shown.
 * @throws {@link ConfigError} for the URL of a discovery document or of a key set
 */
export function assertNoDocument(issuer: string): void {
  const name = issuer.replace(/\/\.well-known\/(?:openid|oauth|jwks)[^/]*/, '')
  if (name === issuer) return
  throw new ConfigError(
    `"issuer" is the URL of a document: use the iss of the tokens, such as ${name}`,
  )
}
