/**
 * The place of a claim, as rules and options name it: the name of a claim, or a JSON Pointer (RFC 6901) into the claims.
 */
import { ConfigError } from '../errors.ts'
import { readString } from '../util/check-option.ts'

/** The names of the members that lead to a claim. */
export type ClaimPath = readonly string[]

// RFC 6901 s3, s4
const BAD_ESCAPE = /~(?![01])/
const INDEX = /^(?:0|[1-9]\d*)$/

/** Reads the name of a claim, or a JSON Pointer, which begins with a slash. @throws {@link ConfigError} for any other value */
export function readClaimPath(option: string, value: unknown): ClaimPath {
  const text = readString(option, value)
  if (text.startsWith('/') && BAD_ESCAPE.test(text)) {
    throw new ConfigError(`"${option}" must be a JSON Pointer with ~0 for ~ and ~1 for / in a name`)
  }
  return toClaimPath(text)
}

/** The path of a text that was checked before. */
export function toClaimPath(text: string): ClaimPath {
  if (!text.startsWith('/')) return [text]
  const names = text.slice(1).split('/')
  return names.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The claim at a path; `undefined` if there is none. Inherited members do not count, and a list has only its entries. */
export function claimAt(claims: unknown, path: ClaimPath): unknown {
  return path.reduce(readMember, claims)
}

function readMember(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  if (Array.isArray(value) && !INDEX.test(name)) return undefined
  return (value as Record<string, unknown>)[name]
}
