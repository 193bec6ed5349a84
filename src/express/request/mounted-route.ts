/**
 * The route of a request as the developer has mounted it, such as `/api/orders/:id`.
 *
 * Express shows the pattern of a route (`req.route`). Of the routers above it, however, it shows only the part of the URL that they
 * matched (`req.baseUrl`), which may contain values of parameters. So their patterns are looked up in the routers themselves, in
 * members of Express 4 and 5 that are not documented. What cannot be found becomes `*`.
 */

/** The members of Express's requests. */
interface RoutedRequest {
  readonly baseUrl?: unknown
  readonly route?: { readonly path?: unknown } | undefined
  readonly app?: App | undefined
}

interface App {
  /** The app that this one is mounted in. */
  readonly parent?: App | undefined
  /** Express 4, where `router` throws. */
  readonly _router?: Router | undefined
  /** Express 5. */
  readonly router?: Router | undefined
}

interface Router {
  readonly stack?: readonly Layer[] | undefined
}

interface Layer {
  readonly name?: string
  readonly route?: unknown
  readonly handle?: Router | undefined
  /** Express 4. */
  readonly regexp?: RegExp & { readonly fast_slash?: boolean }
  readonly keys?: readonly { readonly name: string | number }[]
  /** Express 5. */
  readonly slash?: boolean
  readonly matchers?: readonly Matcher[]
  /** From Express 5.3. */
  readonly rawPath?: unknown
}

type Matcher = (text: string) => Matched | false

interface Matched {
  readonly path: string
  readonly params: Readonly<Record<string, unknown>>
}

/** The part of a URL that a layer matched, and its pattern. */
interface Mount {
  readonly length: number
  readonly pattern: string
}

const UNKNOWN = '/*'
const AT_ROOT: Mount = { length: 0, pattern: '' }

/** The route of a request of Express; `undefined` for any other request. Never throws. */
export function routeOf(req: object): string | undefined {
  try {
    const { baseUrl, route, app } = req as RoutedRequest
    if (typeof baseUrl !== 'string') return undefined
    const mounted = findMounts(appsOf(app), baseUrl) ?? UNKNOWN
    return mounted + textOf(route?.path) || '/'
  } catch {
    // these members are not documented
  }
  return undefined
}

/** A route may have a pattern, a regular expression, or a list of both. */
function textOf(path: unknown): string {
  return path === undefined || path === '/' ? '' : String(path)
}

/** The outermost app first. */
function appsOf(app: App | undefined): App[] {
  return app ? [...appsOf(app.parent), app] : []
}

/** The patterns of the mounts that match a text as a whole: of several possibilities, the one with the fewest parameters. */
function findMounts([app, ...inner]: readonly App[], text: string): string | undefined {
  if (text === '') return ''
  // Stryker disable next-line OptionalChaining: an app that routes a request has a router
  return app && findInStack((app._router ?? app.router)?.stack, text, inner)
}

function findInStack(
  stack: readonly Layer[] | undefined,
  text: string,
  inner: readonly App[],
): string | undefined {
  if (text === '') return ''
  // Stryker disable next-line ArrayDeclaration: what is no layer matches nothing
  const found = (stack ?? []).flatMap((layer) => {
    const mount = layer.route ? undefined : mountOf(layer, text)
    if (mount === undefined) return []
    const rest = text.slice(mount.length)
    const below =
      layer.name === 'mounted_app'
        ? findMounts(inner, rest)
        : // Stryker disable next-line OptionalChaining: every layer has a handler
          findInStack(layer.handle?.stack, rest, inner)
    return below === undefined ? [] : [mount.pattern + below]
  })
  return found.sort((one, other) => countParameters(one) - countParameters(other))[0]
}

function countParameters(pattern: string): number {
  return pattern.split(/[:*]/).length
}

function mountOf(layer: Layer, text: string): Mount | undefined {
  // Stryker disable next-line ArrayDeclaration: a layer with a regular expression has keys
  const { regexp, keys = [] } = layer
  if (layer.slash || regexp?.fast_slash) return AT_ROOT
  if (regexp === undefined) return mountOfMatchers(layer, text)
  const matched = regexp.exec(text)?.[0]
  return matched === undefined
    ? undefined
    : { length: matched.length, pattern: fromSource(regexp.source, keys, matched) }
}

const END = String.raw`\/?(?=\/|$)`
const PARAMETER = /\(\?:\\\/\(\[\^\\?\/\]\+\?\)\)/g

/** Reads the pattern from the regular expression that Express 4 makes of it. A list of patterns becomes alternatives. */
function fromSource(source: string, keys: Layer['keys'] & object, matched: string): string {
  if (!source.startsWith('^') || !source.endsWith(END)) return UNKNOWN
  const names = keys.map(({ name }) => name)
  const patterns = source
    .slice(1, -END.length)
    .replaceAll(PARAMETER, () => `/:${names.shift()}`)
    .split(`${END}|^`)
    .map((pattern) => pattern.replaceAll(/\\([/.-])/g, '$1'))
  const [pattern = UNKNOWN, ...others] = patterns
  if (others.length > 0) return patterns.find((one) => isSame(one, matched)) ?? UNKNOWN
  return /[\\()[\]{}*+?|^$]/.test(pattern) ? UNKNOWN : pattern
}

function isSame(pattern: string, text: string): boolean {
  return pattern.toLowerCase() === text.toLowerCase()
}

// Stryker disable next-line ArrayDeclaration: a layer without a regular expression has matchers
function mountOfMatchers({ matchers = [], rawPath }: Layer, text: string): Mount | undefined {
  for (const [at, matcher] of matchers.entries()) {
    const match = matcher(text)
    if (!match) continue
    const pattern = Array.isArray(rawPath) ? rawPath[at] : rawPath
    return {
      length: match.path.length,
      pattern: pattern === undefined ? fromMatch(matcher, match) : String(pattern),
    }
  }
  return undefined
}

/**
 * Before Express 5.3, a layer does not show its pattern. That of a match without parameters is its text, unless it is a regular
 * expression: Express calls the matcher of one `regexpMatcher`, and path-to-regexp calls those of texts `match`.
 */
function fromMatch({ name }: Matcher, { path, params }: Matched): string {
  const isText = name === 'match' && Object.keys(params).length === 0
  return isText ? path.toLowerCase() : UNKNOWN
}
