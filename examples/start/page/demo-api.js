/** The server of the demo: what happens, what can be done, and why a token is refused. */
import { addToLog, chosenToken, state, tell, update } from './store.js'

/** Loads what does not change. */
export async function loadConfig() {
  const response = await fetch('/demo')
  update({ config: await response.json() })
}

/** Follows what happens. The browser connects again by itself. */
export function follow() {
  const source = new EventSource('/demo/events')
  const on = (type, take) => source.addEventListener(type, ({ data }) => take(JSON.parse(data)))
  on('all', ({ state: demo, requests, log }) => {
    takeState(demo)
    // what this page has told already stays, in its place
    const own = state.log.filter(({ kind }) => kind === 'you')
    const merged = [...own, ...log.reverse()].sort((a, b) => b.realAt - a.realAt)
    update({ requests: [...requests].reverse(), log: merged })
  })
  on('state', takeState)
  on('log', (entry) => addToLog(entry))
  on('request', takeRequest)
}

/** Does something to the demo. Returns whether it worked. */
export async function act(action) {
  const response = await post('/demo', action)
  if (!response.ok) {
    tell('The demo did not do that.')
    return false
  }
  takeState(await response.json())
  return true
}

let asked = 0

/** Asks for every check on the chosen token, for the chosen route. Only the newest answer counts. */
export async function explainToken() {
  const token = chosenToken()
  const mine = ++asked
  if (token === undefined) return update({ explanation: undefined })
  const response = await post('/demo/explain', { token, route: state.route })
  if (!response.ok || mine !== asked) return undefined
  const { explanation, state: demo } = await response.json()
  takeState(demo)
  return update({ explanation })
}

function post(path, body) {
  return fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

function takeState(demo) {
  update({ demo, skew: demo.now - Date.now() })
}

function takeRequest(request) {
  const others = state.requests.filter(({ id }) => id !== request.id)
  update({ requests: [request, ...others].slice(0, 12) })
}
