/**
 * Which paths are in normal form. A path can be written in many ways (RFC 3986 s6.2.2). API Gateway, IAM and the integration need
 * not agree on which of them are equivalent: `//admin`, `/x/../admin` and `/%61dmin` may all lead to `/admin`. So paths that
 * could be read as another path are recognised, here and by patterns for an IAM policy.
 */
import { ConfigError } from '../../verify/index.ts'
import type { Route } from './route-key.ts'

/** Recognises other spellings of the paths of a route map. */
export interface PathSpellings {
  /** Whether a path can be read in only one way. @param path - its segments */
  isNormal(path: readonly string[]): boolean
  /** IAM patterns, without the stage, for paths with an empty segment or a slash at the end. */
  readonly ofEmpty: readonly string[]
  /** IAM patterns for paths with a segment that can be read in more than one way. */
  readonly ofText: readonly string[]
}

/** Separators and dots, plain or encoded, and the encoded percent sign, which matters if a path is decoded twice. */
const SEPARATORS = ['\\', '%2E', '%2e', '%2F', '%2f', '%5C', '%5c', '%25']
/** Text that becomes an encoded character when another one is decoded: `%%342`, `%4%32`. */
const SPLIT = /%.?%/su
const OF_SPLIT = ['*/*%%*', '*/*%?%*']
const DOTS = ['.', '..']
const OF_EMPTY = ['*//*', '*/*/']
const OF_DOTS = ['*/./*', '*/../*', '*/.', '*/..']

/** Encoded unreserved characters (RFC 3986 s2.3), the separators above, and all other characters from 0x60 to 0x7F. */
const NEEDLESS = /\\|%(?:2[5DEF]|3\d|4[1-9A-F]|5[0-9ACF]|[67])/i
/** A sequence of percent-encoded bytes, or one character. */
const PARTS = /(?:%[\dA-F]{2})+|./gisu
/** Characters that a path of a map may contain unencoded, and {@link WILDCARDS}. */
const WRITABLE = /[!-~\u00a0-\u{10ffff}]/u
const WILDCARDS = /[*?${}]/

/**
 * Finds the texts that show another spelling of a route's path. A character that is in no route does not matter: whether it is
 * encoded or not, the path matches the same route.
 * @throws {@link ConfigError} if a route is not written in normal form
 */
export function findSpellings(routes: readonly Route[]): PathSpellings {
  for (const route of routes) assertNormal(route)
  const spellings = new Set([
    ...SEPARATORS,
    ...routes.flatMap((route) => textsOf(route).flatMap(respell)),
  ])
  const texts = [...spellings]
  const isPlain = (text: string): boolean => !texts.some((one) => text.includes(one))
  const unclear = routes.find((route) => !textsOf(route).every(isPlain))
  if (unclear !== undefined) {
    throw new ConfigError(
      `"access" has ${unclear.key}, with a character that the map also has in another spelling: write it as it is or percent-encoded, and the hex digits as capitals, in all routes`,
    )
  }
  return {
    isNormal: (path) => {
      if (isRoot(path)) return true
      const whole = path.join('/')
      // the whole path, because IAM's ? also matches a slash, and no spelling contains one
      return !SPLIT.test(whole) && isPlain(whole) && path.every(isSegment)
    },
    ofEmpty: OF_EMPTY,
    ofText: [...OF_DOTS, ...OF_SPLIT, ...texts.map((one) => `*/*${one}*`)],
  }
}

function assertNormal(route: Route): void {
  const { key, path } = route
  const texts = textsOf(route)
  const isNormal =
    path === undefined ||
    isRoot(path) ||
    texts.every((text) => isSegment(text) && !NEEDLESS.test(text) && !SPLIT.test(text))
  if (isNormal) return
  throw new ConfigError(
    `"access" has the key ${JSON.stringify(key)}: a path has no empty, "." or ".." segment, no slash at its end, no backslash, and nothing percent-encoded that is a letter, a digit or one of - . _ ~ / \\ % \` { | }`,
  )
}

function textsOf({ path = [] }: Route): readonly string[] {
  return path.filter((segment) => typeof segment === 'string')
}

function isRoot(path: readonly unknown[]): boolean {
  return path.length === 1 && path[0] === ''
}

function isSegment(text: string): boolean {
  return text !== '' && !DOTS.includes(text)
}

/** The texts that reveal another spelling of a text: every other spelling contains at least one of them. */
function respell(text: string): readonly string[] {
  return (text.match(PARTS) ?? []).flatMap((part) =>
    // a character has at most two code units, an encoded byte three
    part.length > 2 ? respellEncoded(part) : respellCharacter(part),
  )
}

/** All encodings of a character, or their common prefix. */
function respellCharacter(character: string): readonly string[] {
  if (/[a-o]/.test(character)) return ['%6']
  // Stryker disable next-line ConditionalExpression: the spellings would only be longer
  if (/[p-z~]/.test(character)) return ['%7']
  return toHexCases(Buffer.from(character).toString('hex', 0, 1))
}

/** The same bytes with hex digits in other cases, and the decoded characters. */
function respellEncoded(encoded: string): readonly string[] {
  const bytes = encoded.slice(1).split('%')
  const others = bytes.flatMap((byte) => toHexCases(byte).filter((one) => one !== `%${byte}`))
  return [...others, ...decode(encoded).filter((one) => WRITABLE.test(one) && !WILDCARDS.test(one))]
}

function toHexCases(byte: string): readonly string[] {
  const [upper, lower] = [byte.toUpperCase(), byte.toLowerCase()]
  const mixed = [`${upper[0]}${lower[1]}`, `${lower[0]}${upper[1]}`]
  return [...new Set([upper, lower, ...mixed])].map((one) => `%${one}`)
}

/** The characters of an encoded text. Empty if it is not valid UTF-8. */
function decode(encoded: string): readonly string[] {
  const text = Buffer.from(encoded.replaceAll('%', ''), 'hex').toString()
  return text.includes('\ufffd') ? [] : [...text]
}
