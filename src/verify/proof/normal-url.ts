/**
 * Brings the URL of a request into its normal form (RFC 3986 s6.2.2, s6.2.3), so that two spellings of it are equal. The URL
 * parser of the platform does something else: it also repairs what is no URL.
 */

// scheme, host, port and path: printable ASCII, without user info and backslashes; then what is left out
const URL_PARTS =
  /^(https?):\/\/([\w.~-]+|\[[\da-f:.]+\])(?::(\d{0,5}))?(\/[!"$->@-[\]-~]*)?(?:[?#].*)?$/is
const DEFAULT_PORTS = new Map([
  ['http', 80],
  ['https', 443],
])
const ENCODED = /%[\da-f]{2}/gi
const UNRESERVED = /[\w.~-]/

/** The URL without query and fragment; `undefined` if the text is no http or https URL. */
export function normalizeUrl(text: string): string | undefined {
  // Stryker disable next-line ArrayDeclaration: no host is in either
  const [, scheme, host, port, path = '/'] = URL_PARTS.exec(text) ?? []
  // Stryker disable next-line ConditionalExpression,LogicalOperator: there are both or none
  if (scheme === undefined || host === undefined) return undefined
  const protocol = scheme.toLowerCase()
  const isDefaultPort = !port || Number(port) === DEFAULT_PORTS.get(protocol)
  const authority = isDefaultPort ? host : `${host}:${Number(port)}`
  return `${protocol}://${authority.toLowerCase()}${normalizePath(path)}`
}

function normalizePath(path: string): string {
  // Stryker disable next-line ConditionalExpression,StringLiteral: the other way only takes longer
  const decoded = path.includes('%') ? path.replace(ENCODED, normalizeTriplet) : path
  // Stryker disable next-line ConditionalExpression,StringLiteral: a path without dots stays the same
  return decoded.includes('/.') ? removeDotSegments(decoded) : decoded
}

/** RFC 3986 s6.2.2.1, s6.2.2.2 */
function normalizeTriplet(triplet: string): string {
  const character = String.fromCharCode(Number.parseInt(triplet.slice(1), 16))
  return UNRESERVED.test(character) ? character : triplet.toUpperCase()
}

/** RFC 3986 s5.2.4, for an absolute path. */
function removeDotSegments(path: string): string {
  const segments: string[] = []
  const [, ...given] = path.split('/')
  given.forEach((segment, at) => {
    const isLast = at === given.length - 1
    if (segment === '..') segments.pop()
    else if (segment !== '.') segments.push(segment)
    if (isLast && (segment === '.' || segment === '..')) segments.push('')
  })
  return `/${segments.join('/')}`
}
