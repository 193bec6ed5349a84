/** The authorization code grant with PKCE (RFC 7636), as a public client uses it. Tokens stay in memory. */
import { encode, readToken } from './jwt.js'
import { state, tell, update } from './store.js'

const PENDING = 'jwt-gate-sign-in'

/** Sends the browser to the issuer. What proves that the answer is ours stays in this tab. */
export async function beginSignIn() {
  const { origins, clientId } = state.config
  const verifier = randomText()
  const pending = { verifier, state: randomText() }
  sessionStorage.setItem(PENDING, JSON.stringify(pending))
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: `${location.origin}/callback`,
    state: pending.state,
    code_challenge: encode(digest),
    code_challenge_method: 'S256',
  })
  location.assign(`${origins.signIn}/oauth2/authorize?${query}`)
}

/** Takes the answer of the issuer out of the address, if there is one, and exchanges its code for tokens. */
export async function finishSignIn() {
  if (location.pathname !== '/callback') return
  const answer = new URLSearchParams(location.search)
  const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? 'null')
  sessionStorage.removeItem(PENDING)
  history.replaceState(null, '', '/')
  if (pending === null) return tell('There was no sign-in to finish. Start it on this page.')
  // RFC 9207: the answer names the issuer that gave it
  if (answer.get('state') !== pending.state || answer.get('iss') !== state.config.issuer) {
    return tell('The sign-in was not started here, so its answer is ignored.')
  }
  const tokens = await request({
    grant_type: 'authorization_code',
    code: answer.get('code') ?? '',
    redirect_uri: `${location.origin}/callback`,
    code_verifier: pending.verifier,
  })
  if (tokens === undefined) return
  take(tokens)
  tell(
    `Signed in as ${state.user.name}. The code was exchanged for tokens, with the PKCE verifier.`,
  )
}

/** Gets new tokens. The old access token stays, as the previous one. Returns whether it worked. */
export async function renew() {
  const { access: previous } = state.tokens
  const tokens = await request({ grant_type: 'refresh_token', refresh_token: state.refreshToken })
  if (tokens === undefined) return false
  take(tokens)
  update({ tokens: { ...state.tokens, previous } })
  return true
}

export function signOut() {
  update({
    tokens: {},
    user: undefined,
    refreshToken: undefined,
    explanation: undefined,
    theft: [],
    chosen: 'access',
  })
  tell('Signed out. The page has forgotten its tokens; they are valid until they expire.')
}

function take({ access_token: access, id_token: id, refresh_token: refreshToken }) {
  const { sub } = readToken(access).payload
  const user = state.config.users.find((one) => one.sub === sub)
  update({ tokens: { access, id }, refreshToken, user, chosen: 'access' })
}

/** Asks the token endpoint. Returns what it gives; `undefined` if that is an error. */
export async function request(form) {
  const { origins, clientId } = state.config
  try {
    const body = new URLSearchParams({ ...form, client_id: clientId })
    const response = await fetch(`${origins.signIn}/oauth2/token`, { method: 'POST', body })
    const answer = await response.json()
    if (response.ok) return answer
    tell(`The issuer gave no tokens: ${answer.error}.`)
  } catch {
    tell('The issuer does not answer, so there are no new tokens.')
  }
  return undefined
}

function randomText() {
  return encode(crypto.getRandomValues(new Uint8Array(32)))
}
