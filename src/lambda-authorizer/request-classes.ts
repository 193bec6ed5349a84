/**
 * All requests that there could ever be, sorted into classes: two requests are in one class when they go to the same
 * route and the same patterns match them. There are few classes, so what is to be shown of all requests can be
 * shown of each class.
 */
import { METHODS, type Route } from './route-key.ts'
import { advance, isComplete, type Pattern, type Progress, START } from './segment-pattern.ts'

/** Requests that are all alike to a route map and its policies. */
export interface RequestClass {
  /** The route that they go to; `undefined` where they go to none. */
  readonly route: number | undefined
  /** The patterns that match them. */
  readonly matching: ReadonlySet<number>
}

/** A map that takes more steps than this to look through is too tangled. */
const MAX_STATES = 5_000
/** Stands for every text that no pattern asks for. It can be in no pattern. */
const OTHER = ' '

/** How far the patterns have got that can still be found, in the order of their numbers. */
type State = readonly { readonly at: number; readonly progress: Progress }[]

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
    classes.set(`${found.route}:${[...found.matching]}`, found)
  })
  return isDone ? [...classes.values()] : undefined
}

/** Calls `visit` for the progress of all patterns after every request, each such state once. */
function explore(patterns: readonly Pattern[], visit: (state: State) => void): boolean {
  const seen = new Set<string>()
  const start = patterns.map((_, at) => ({ at, progress: START }))
  // a request is a method and a path of one segment at least
  const states = METHODS.map((method) => read(patterns, start, method))
  for (const state of states) {
    for (const text of textsAfter(patterns, state)) {
      const after = read(patterns, state, text)
      const name = after.map(({ at, progress }) => `${at}:${progress}`).join()
      if (seen.has(name)) continue
      if (seen.size === MAX_STATES) return false
      seen.add(name)
      states.push(after)
      visit(after)
    }
  }
  return true
}

function read(patterns: readonly Pattern[], state: State, text: string): State {
  const after = state.map(({ at, progress }) => ({
    at,
    progress: advance(patterns[at] as Pattern, progress, text),
  }))
  // Stryker disable next-line MethodExpression,ConditionalExpression: what is dropped can match nothing more, and would take time
  return after.filter(({ progress }) => progress !== 0)
}

/** The texts that make a difference as the next segment. */
function textsAfter(patterns: readonly Pattern[], state: State): ReadonlySet<string> {
  const texts = new Set([OTHER, ''])
  for (const { at, progress } of state) {
    const pattern = patterns[at] as Pattern
    pattern.forEach((token, position) => {
      // Stryker disable next-line ConditionalExpression,LogicalOperator: more texts would make no difference, and take time
      if ((progress & (1 << position)) !== 0 && typeof token === 'string') texts.add(token)
    })
  }
  return texts
}

function toClass(
  patterns: readonly Pattern[],
  state: State,
  owners: readonly number[],
): RequestClass {
  const complete = state
    .filter(({ at, progress }) => isComplete(patterns[at] as Pattern, progress))
    .map(({ at }) => at)
  const [first = owners.length] = complete
  const matching = complete.filter((at) => at >= owners.length).map((at) => at - owners.length)
  return { route: owners[first], matching: new Set(matching) }
}
