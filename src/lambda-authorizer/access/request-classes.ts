/**
 * All possible requests, sorted into classes. Two requests are in the same class if they go to the same route and match the same
 * patterns. There are few classes, so a statement about all requests can be checked for each class.
 */
import type { Route } from '../routes/route-key.ts'
import {
  advance,
  isComplete,
  type Pattern,
  type Progress,
  START,
} from '../routes/segment-pattern.ts'

/** Requests between which neither a route map nor its policies can distinguish. */
export interface RequestClass<R extends Route, P> {
  /** The route that they go to, or `undefined`. */
  readonly route: R | undefined
  /** The resources whose patterns match them. */
  readonly matching: readonly P[]
  /** Whether their paths have empty segments, so that none is in normal form. The path `/` counts as having none. */
  readonly hasEmptySegment: boolean
  /** Whether some segment is a text that is in no pattern. Some of these paths are not in normal form. */
  readonly hasOtherText: boolean
}

/** The maximum number of states. A map that needs more is rejected. */
const MAX_STATES = 10_000
/** Represents every text that is in no pattern, as a segment or as a method. No pattern contains it. */
const OTHER = ' '

/** A pattern of a route, or of a resource. */
interface Entry<R extends Route, P> {
  /** Its position in the list. Routes come first, the most specific first. */
  readonly at: number
  readonly pattern: Pattern
  readonly route?: R | undefined
  readonly resource?: P | undefined
}

/** A pattern that can still match. */
interface Candidate<E> {
  readonly entry: E
  readonly progress: Progress
}

/** The state after some segments. */
interface State<E> extends Pick<RequestClass<Route, never>, 'hasEmptySegment' | 'hasOtherText'> {
  readonly candidates: readonly Candidate<E>[]
  /** The segments so far: only the method, the method and the path `/`, or a longer path. */
  readonly end: 'method' | 'root' | 'path'
}

/**
 * @param routes - the most specific first
 * @param resources - with the patterns of policies
 * @returns `undefined` if there are too many states
 */
export function classifyRequests<R extends Route, P extends { readonly pattern: Pattern }>(
  routes: readonly R[],
  resources: readonly P[],
): readonly RequestClass<R, P>[] | undefined {
  const ofRoutes = routes.flatMap((route) => route.requests.map((pattern) => ({ pattern, route })))
  const ofResources = resources.map((resource) => ({ pattern: resource.pattern, resource }))
  const entries = [...ofRoutes, ...ofResources].map((one, at): Entry<R, P> => ({ ...one, at }))
  const classes = new Map<string, RequestClass<R, P>>()
  const isDone = explore(entries, (state) => {
    const complete = findComplete(state)
    const { hasEmptySegment, hasOtherText } = state
    const route = complete.find((one) => one.route !== undefined)?.route
    const matched = complete.filter(({ resource }) => resource !== undefined)
    const name = JSON.stringify([
      route?.key,
      hasEmptySegment,
      hasOtherText,
      ...matched.map(({ at }) => at),
    ])
    const matching = matched.map(({ resource }) => resource as P)
    classes.set(name, { route, matching, hasEmptySegment, hasOtherText })
  })
  return isDone ? [...classes.values()] : undefined
}

/** Calls `visit` once for each state that some request leads to. Returns `false` if there are too many. */
function explore<E extends Entry<Route, unknown>>(
  entries: readonly E[],
  visit: (state: State<E>) => void,
): boolean {
  const seen = new Set<string>()
  // a request has a method and a path with at least one segment
  const states = toMethods(entries)
  for (const state of states) {
    for (const text of textsAfter(state.candidates)) {
      const after = addSegment(state, text)
      const name = toName(after)
      if (seen.has(name)) continue
      if (seen.size === MAX_STATES) return false
      seen.add(name)
      states.push(after)
      visit(after)
    }
  }
  return true
}

/** The states after each method that is in a pattern, and after any other. To patterns, an empty method is like any other. */
function toMethods<E extends Entry<Route, unknown>>(entries: readonly E[]): State<E>[] {
  const start = entries.map((entry) => ({ entry, progress: START }))
  const texts = [...textsAfter(start)].filter((text) => text !== '')
  return texts.map((text) => ({
    candidates: advanceAll(start, text),
    end: 'method',
    hasEmptySegment: false,
    hasOtherText: false,
  }))
}

function addSegment<E extends Entry<Route, unknown>>(state: State<E>, text: string): State<E> {
  const isRoot = text === '' && state.end === 'method'
  return {
    candidates: advanceAll(state.candidates, text),
    end: isRoot ? 'root' : 'path',
    hasEmptySegment: state.hasEmptySegment || state.end === 'root' || (text === '' && !isRoot),
    hasOtherText: state.hasOtherText || text === OTHER,
  }
}

function advanceAll<E extends Entry<Route, unknown>>(
  candidates: readonly Candidate<E>[],
  text: string,
): readonly Candidate<E>[] {
  const after = candidates.map(({ entry, progress }) => ({
    entry,
    progress: advance(entry.pattern, progress, text),
  }))
  // Stryker disable next-line MethodExpression,ConditionalExpression: what is dropped can match nothing more, and would take time
  return after.filter(({ progress }) => progress !== 0)
}

/** The texts that lead to different states as the next segment. */
function textsAfter(candidates: readonly Candidate<Entry<Route, unknown>>[]): ReadonlySet<string> {
  const texts = new Set([OTHER, ''])
  for (const { entry, progress } of candidates) {
    entry.pattern.forEach((token, position) => {
      // Stryker disable next-line ConditionalExpression,LogicalOperator: more texts would make no difference, and take time
      if ((progress & (1 << position)) !== 0 && typeof token === 'string') texts.add(token)
    })
  }
  return texts
}

/** States with the same name have the same continuations. */
function toName({
  candidates,
  end,
  hasEmptySegment,
  hasOtherText,
}: State<Entry<Route, unknown>>): string {
  const progress = candidates.map((one) => `${one.entry.at}:${one.progress}`)
  return [end === 'root', hasEmptySegment, hasOtherText, ...progress].join()
}

/** The patterns that match the segments so far. */
function findComplete<E extends Entry<Route, unknown>>({ candidates }: State<E>): readonly E[] {
  return candidates
    .filter(({ entry, progress }) => isComplete(entry.pattern, progress))
    .map(({ entry }) => entry)
}
