/** The state of the page, in one place. Views are called after each change. */

export const state = {
  /** What does not change while the demo runs: origins, routes, users. */
  config: undefined,
  /** The state of the demo: issuer, CORS, keys. */
  demo: undefined,
  /** The demo's clock minus this machine's, in milliseconds. */
  skew: 0,
  user: undefined,
  /** By name: access, id, forged, stolen, previous, pasted. They are in memory only. */
  tokens: {},
  refreshToken: undefined,
  chosen: 'access',
  /** The route whose rule is checked. */
  route: 'GET /profile',
  explanation: undefined,
  /** The last answer of each call, by surface and route. */
  answers: {},
  answer: undefined,
  /** Who has called with a bound token, and the answers. */
  theft: [],
  requests: [],
  log: [],
}

const views = new Set()
let isScheduled = false

/** Registers a function that shows the state. */
export function onChange(view) {
  views.add(view)
}

/** Changes the state, and shows it once everything that happens now has happened. */
export function update(patch) {
  Object.assign(state, patch)
  if (isScheduled) return
  isScheduled = true
  queueMicrotask(() => {
    isScheduled = false
    for (const view of views) view(state)
  })
}

/** The demo's clock, in milliseconds since 1970. */
export function now() {
  return Date.now() + state.skew
}

/** The token that calls send; `undefined` for none. */
export function chosenToken() {
  return state.tokens[state.chosen]
}

/** Tells what was done. */
export function tell(text, kind = 'you') {
  addToLog({ at: now(), realAt: Date.now(), kind, text })
}

export function addToLog(...entries) {
  update({ log: [...entries.reverse(), ...state.log].slice(0, 60) })
}
