/**
 * All requests that there could ever be, sorted into classes: two requests are in one class when they go to the same
 * route and the same patterns match them. There are few classes, so what is to be shown of all requests can be
 * shown of each class.
 */
import type { Route } from '../routes/route-key.ts'
import {
  advance,
  isComplete,
  type Pattern,
  type Progress,
  START,
} from '../routes/segment-pattern.ts'

/** Requests that are all alike to a route map and its policies. */
export interface RequestClass {
  /** The route that they go to; `undefined` where they go to none. */
  readonly route: number | undefined
  /** The patterns that match them. */
  readonly matching: ReadonlySet<number>
  /** Whether their paths have empty segments, so that none is in normal form. The path `/` counts as having none. */
  readonly isEmptied: boolean
  /** Whether a segment of the path is any text that no pattern asks for: some of these paths are not in normal form. */
  readonly isOpen: boolean
}

/** A map that takes more steps than this to look through is too tangled. */
const MAX_STATES = 10_000
/** Stands for every text that no pattern asks for, as a segment or as a method. It can be in no pattern. */
const OTHER = ' '

interface State extends Pick<RequestClass, 'isEmptied' | 'isOpen'> {
  /** How far the patterns have got that can still be found, in the order of their numbers. */
  readonly found: readonly { readonly at: number; readonly progress: Progress }[]
  /** What was read: the method alone, the path `/` as well, or more. */
  readonly end: 'method' | 'root' | 'path'
}

/**
 * Finds the classes.
 * @param routes - the most specific first
 * @returns `undefined` where there are too many
 */
export function classifyRequests(
  routes: readonly Route[],
  patterns: readonly Pattern[],
): readonly RequestClass[] | undefined {
  const owners = routes.flatMap(({ requests }, at) => requests.map(() => at))
  const all = [...routes.flatMap(({ requests }) => requests), ...patterns]
  const classes = new Map<string, RequestClass>()
  const isDone = explore(all, (state) => {
    const found = toClass(all, state, owners)
    classes.set([found.route, found.isEmptied, found.isOpen, ...found.matching].join(), found)
  })
  return isDone ? [...classes.values()] : undefined
}

/** Calls `visit` for the progress of all patterns after every request, each such state once. */
function explore(patterns: readonly Pattern[], visit: (state: State) => void): boolean {
  const seen = new Set<string>()
  // a request is a method and a path of one segment at least
  const states = toMethods(patterns)
  for (const state of states) {
    for (const text of textsAfter(patterns, state.found)) {
      const after = readSegment(patterns, state, text)
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

/** The methods that a pattern names, and any other one. To patterns, no method at all is like any other one. */
function toMethods(patterns: readonly Pattern[]): State[] {
  const start = patterns.map((_, at) => ({ at, progress: START }))
  const texts = [...textsAfter(patterns, start)].filter((text) => text !== '')
  return texts.map((text) => ({
    found: read(patterns, start, text),
    end: 'method',
    isEmptied: false,
    isOpen: false,
  }))
}

function readSegment(patterns: readonly Pattern[], state: State, text: string): State {
  const isRoot = text === '' && state.end === 'method'
  return {
    found: read(patterns, state.found, text),
    end: isRoot ? 'root' : 'path',
    isEmptied: state.isEmptied || state.end === 'root' || (text === '' && !isRoot),
    isOpen: state.isOpen || text === OTHER,
  }
}

function read(patterns: readonly Pattern[], found: State['found'], text: string): State['found'] {
  const after = found.map(({ at, progress }) => ({
    at,
    progress: advance(patterns[at] as Pattern, progress, text),
  }))
  // Stryker disable next-line MethodExpression,ConditionalExpression: what is dropped can match nothing more, and would take time
  return after.filter(({ progress }) => progress !== 0)
}

/** The texts that make a difference as the next segment. */
function textsAfter(patterns: readonly Pattern[], found: State['found']): ReadonlySet<string> {
  const texts = new Set([OTHER, ''])
  for (const { at, progress } of found) {
    const pattern = patterns[at] as Pattern
    pattern.forEach((token, position) => {
      // Stryker disable next-line ConditionalExpression,LogicalOperator: more texts would make no difference, and take time
      if ((progress & (1 << position)) !== 0 && typeof token === 'string') texts.add(token)
    })
  }
  return texts
}

/** States of the same name go on alike. */
function toName({ found, end, isEmptied, isOpen }: State): string {
  const progress = found.map((one) => `${one.at}:${one.progress}`)
  return [end === 'root', isEmptied, isOpen, ...progress].join()
}

function toClass(
  patterns: readonly Pattern[],
  { found, isEmptied, isOpen }: State,
  owners: readonly number[],
): RequestClass {
  const complete = found
    .filter(({ at, progress }) => isComplete(patterns[at] as Pattern, progress))
    .map(({ at }) => at)
  const [first = owners.length] = complete
  const matching = complete.filter((at) => at >= owners.length).map((at) => at - owners.length)
  return { route: owners[first], matching: new Set(matching), isEmptied, isOpen }
}
