/** Real calls from the browser to both APIs, which are other origins. */
import { chosenToken, state, tell, update } from './store.js'

const NAMES = { express: 'Express', gateway: 'API Gateway' }

export async function call(surface, route) {
  const [method, path] = route.split(' ')
  const token = chosenToken()
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` }
  const url = `${state.config.origins[surface]}${path}`
  const answer = await send(url, method, headers)
  const title = `${route} through ${NAMES[surface]}`
  const key = `${surface} ${route}`
  update({ route, answer: { title, ...answer }, answers: { ...state.answers, [key]: answer } })
  tell(`${title}: ${summarize(answer)}`)
}

export async function send(url, method, headers) {
  try {
    const response = await fetch(url, { method, headers, cache: 'no-store' })
    const kept = ['www-authenticate', 'retry-after'].flatMap((name) => {
      const value = response.headers.get(name)
      return value === null ? [] : [[name, value]]
    })
    const id = response.headers.get('x-request-id')
    const body = await response.json().catch(() => ({}))
    return { status: response.status, headers: kept, body, id }
  } catch {
    return { status: 0, headers: [], body: {} }
  }
}

function summarize({ status, body }) {
  if (status === 0) return 'blocked by the browser, because the API sent no CORS headers.'
  const reason = body.error_description ?? body.message
  return reason === undefined ? `${status}.` : `${status}, ${reason}.`
}
