/**
 * Random requests for a route map, some with ambiguous paths, and all readings of a path. Nothing here is shared with the code.
 */
import fc from 'fast-check'

/** A request as in an ARN, `GET/orders/7`. */
export interface SpelledRequest {
  readonly method: string
  /** Without the first slash. */
  readonly path: string
  /** Whether the path has only one reading. */
  readonly isPlain: boolean
}

/** Names of segments in routes. */
export const NAMES = ['x', 'y', 'orders', 'v1', 'a-b', 'B', 'me@', 'caf%C3%A9', 'z_~.']
export const SEVEN = ['GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'HEAD', 'OPTIONS']
const OTHERS = ['TRACE', 'PROPFIND', 'get', 'Get', 'M-SEARCH', '', '%47ET', 'ANY', '.', 'GET%2F']
const PLAIN = [...NAMES, 'X', '7', 'GET', '*', 'a%20b', 'urn%3Ax', '..x', 'x..', '.x', '...', 'a;b']
const ODD = [
  '',
  '',
  '.',
  '..',
  '%78',
  '%2e%2E',
  '.%2e',
  '%2e',
  '%2F',
  'x%2Fy',
  'x\\y',
  '%5C',
  'me%40',
]
const ODDER = [
  '%2578',
  '%42',
  '%',
  '%6',
  '%zz',
  'caf%c3%a9',
  'café',
  'z%5f~.',
  'a%2Db',
  '%00',
  'x?',
]

const METHOD = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...SEVEN.slice(0, 3)) },
  { weight: 1, arbitrary: fc.constantFrom(...SEVEN, ...OTHERS) },
)

/** Requests that match some route, or none. @param keys - the route keys */
export function requestsFor(keys: readonly string[]): fc.Arbitrary<SpelledRequest> {
  const plain = toPath(fc.constantFrom(...PLAIN)).map((path) => ({ path, isPlain: true }))
  const odd = toPath(fc.constantFrom(...PLAIN, ...ODD, ...ODDER)).map(toOdd)
  const paths = keys
    .filter((key) => key.includes(' /'))
    .map((key) => key.slice(key.indexOf('/') + 1))
  const listed = fc
    .tuple(fc.constantFrom('', ...paths), fc.constantFrom(...PLAIN), fc.constantFrom(...PLAIN))
    .map(([path, one, other]) =>
      path.replaceAll(/\{\w+\}/g, () => one).replace(/\{\w+\+\}/, () => `${one}/${other}`),
    )
  const respelled = fc.tuple(listed, fc.array(CHANGE, { minLength: 1, maxLength: 3 })).map(change)
  const found = fc.oneof(
    plain,
    odd,
    listed.map((path) => ({ path, isPlain: true })),
    respelled.map(toOdd),
  )
  return fc.tuple(METHOD, found).map(([method, rest]) => ({ method, ...rest }))
}

function toPath(segment: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.array(segment, { minLength: 1, maxLength: 4 }).map((all) => all.join('/'))
}

function toOdd(path: string): Omit<SpelledRequest, 'method'> {
  return { path, isPlain: false }
}

type Change = (path: string, at: number) => string

const CHANGES: readonly Change[] = [
  (path, at) => replaceAt(path, at, toHex),
  (path, at) => replaceAt(path, at, (character) => toHex(character).toLowerCase()),
  (path, at) => replaceAt(path, at, (character) => `%25${toHex(character).slice(1)}`),
  (path, at) => replaceAt(path, at, (character) => character.toUpperCase()),
  (path, at) => insertAtSlash(path, at, '/'),
  (path, at) => insertAtSlash(path, at, '/.'),
  (path, at) => insertAtSlash(path, at, '/q/..'),
  (path, at) => insertAtSlash(path, at, '/q/%2e%2E'),
  (path, at) => insertAtSlash(path, at, '/q\\..'),
  (path) => `${path}/`,
  (path) => `${path}/.`,
  (path) => `${path}/q/..`,
  (path) => `/${path}`,
  (path) => `./${path}`,
  (path) => `../${path}`,
  (path) => path.replace('/', '%2F'),
  (path) => path.replace('/', '\\'),
]
const CHANGE = fc.tuple(fc.constantFrom(...CHANGES), fc.nat(12))

function change([path, changes]: [string, readonly (readonly [Change, number])[]]): string {
  return changes.reduce((text, [one, at]) => one(text, at), path)
}

function toHex(character: string): string {
  return [...Buffer.from(character)]
    .map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`)
    .join('')
}

function replaceAt(path: string, at: number, replace: (character: string) => string): string {
  const [index = 0] = path === '' ? [] : [at % path.length]
  return path.slice(0, index) + replace(path.slice(index, index + 1)) + path.slice(index + 1)
}

function insertAtSlash(path: string, at: number, text: string): string {
  const slashes = [0, ...[...path.matchAll(/\//g)].map(({ index }) => index)]
  const index = slashes[at % slashes.length] as number
  return index === 0 ? `${text.slice(1)}/${path}` : path.slice(0, index) + text + path.slice(index)
}

const STEPS: readonly ((path: string) => string)[] = [
  (path) => path.replaceAll(/%[\dA-Fa-f]{2}/g, decodeUnreserved),
  decodeAll,
  (path) => path.replaceAll('\\', '/'),
  (path) => path.replaceAll(/\/{2,}/g, '/').replace(/^\//, ''),
  resolveDots,
  (path) => path.replace(/\/$/, ''),
]

/** The path itself, and the results of applying some of the normalisation steps. */
export function readingsOf(path: string): ReadonlySet<string> {
  const readings = new Set([path])
  for (const step of STEPS) for (const one of [...readings]) readings.add(step(one))
  return readings
}

function decodeUnreserved(encoded: string): string {
  const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16))
  return /[\w.~-]/.test(character) ? character : encoded
}

function decodeAll(path: string): string {
  return path.replaceAll(/(?:%[\dA-Fa-f]{2})+/g, (encoded) => {
    try {
      return decodeURIComponent(encoded)
    } catch {
      return encoded
    }
  })
}

function resolveDots(path: string): string {
  const left: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') left.pop()
    else if (segment !== '.') left.push(segment)
  }
  return left.join('/')
}
