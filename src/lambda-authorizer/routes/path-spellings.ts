/**
 * Which paths are in normal form. One path can be written in many ways (RFC 3986 s6.2.2), and API Gateway, IAM and what runs
 * behind them need not agree which of them are the same: `//admin`, `/x/../admin` and `/%61dmin` may all end at `/admin`.
 * So a path that could be read as another one is known as such, here and by patterns for an IAM policy.
 */
import { ConfigError } from '../../verify/index.ts'
import type { Route } from './route-key.ts'

/** How the paths of a route map could be written otherwise. */
export interface PathSpellings {
  /** Whether a path can be read in one way only. @param path - its segments */
  isNormal(path: readonly string[]): boolean
  /** What IAM has to match, after the stage, for paths with an empty segment, or a slash at the end. */
  readonly ofEmpty: readonly string[]
  /** The same for paths with a segment that can be read in more than one way. */
  readonly ofText: readonly string[]
}

/** Separators, dots, and the percent sign, for whoever decodes twice. */
const SEPARATORS = ['\\', '%2E', '%2e', '%2F', '%2f', '%5C', '%5c', '%25']
/** What becomes an encoded character when another one is decoded: `%%342`, `%4%32`. */
const SPLIT = /%.?%/su
const OF_SPLIT = ['*/*%%*', '*/*%?%*']
const DOTS = ['.', '..']
const OF_EMPTY = ['*//*', '*/*/']
const OF_DOTS = ['*/./*', '*/../*', '*/.', '*/..']

/** What RFC 3986 s2.3 never encodes, what is listed above, and their neighbours in the rows 6 and 7. */
const NEEDLESS = /\\|%(?:2[5DEF]|3\d|4[1-9A-F]|5[0-9ACF]|[67])/i
/** A percent-encoded text, or a character. */
const PARTS = /(?:%[\dA-F]{2})+|./gisu
/** What a path of a map may hold as it is, beside what a policy would read as something else. */
const WRITABLE = /^[!-~\u00a0-\u{10ffff}]$/u
const WILDCARDS = /[*?${}]/

/**
 * Finds what makes a path of a map's routes look different. A character that no route has in its text need not be looked at:
 * whether it is encoded or not, the path goes to the same route.
 * @throws {@link ConfigError} for a route that is not written in normal form
 */
export function findSpellings(routes: readonly Route[]): PathSpellings {
  for (const route of routes) assertNormal(route)
  const spellings = new Set([
    ...SEPARATORS,
    ...routes.flatMap((route) => textsOf(route).flatMap(respell)),
  ])
  const isPlain = (text: string): boolean => ![...spellings].some((one) => text.includes(one))
  const unclear = routes.find((route) => !textsOf(route).every(isPlain))
  if (unclear) {
    throw new ConfigError(
      `"access" has ${unclear.key}, with a character that the map also has in another spelling: write it as it is or percent-encoded, and the hex digits as capitals, in all routes`,
    )
  }
  return {
    isNormal: (path) =>
      isRoot(path) ||
      // as a whole, because a question mark of IAM's stands for a slash, too
      (!SPLIT.test(path.join('/')) && path.every((text) => isSegment(text) && isPlain(text))),
    ofEmpty: OF_EMPTY,
    ofText: [...OF_DOTS, ...OF_SPLIT, ...[...spellings].map((one) => `*/*${one}*`)],
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

/** What another spelling of a text has in it. */
function respell(text: string): readonly string[] {
  return (text.match(PARTS) ?? []).flatMap((part) =>
    part.length > 2 && part.startsWith('%') ? respellEncoded(part) : respellCharacter(part),
  )
}

/** All encodings of one character, or all that begin like them. */
function respellCharacter(character: string): readonly string[] {
  if (/[a-o]/.test(character)) return ['%6']
  if (/[p-z~]/.test(character)) return ['%7']
  return toHexCases(Buffer.from(character).toString('hex', 0, 1))
}

/** The same with other hex digits, and the characters as they are. */
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

/** The characters of an encoded text; none where it is no UTF-8. */
function decode(encoded: string): readonly string[] {
  const text = Buffer.from(encoded.replaceAll('%', ''), 'hex').toString()
  return text.includes('\ufffd') ? [] : [...text]
}
