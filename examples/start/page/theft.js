/** A bound token is stolen: its owner and a thief call the same route with it. */
import { send } from './calls.js'
import { createKey, createProof } from './proof.js'
import { request } from './sign-in.js'
import { state, tell, update } from './store.js'

const [METHOD, PATH] = ['GET', '/profile']

/** Gets a token that is bound to a new key, and uses it in four ways. At the end, the page has the token as a thief does. */
export async function steal() {
  const key = await createKey()
  const token = await getBoundToken(key)
  if (token === undefined) return
  const url = `${state.config.origins.express}${PATH}`
  const own = await createProof(key, METHOD, url, token)
  const others = await createProof(await createKey(), METHOD, url, token)
  const theft = []
  for (const [who, headers] of [
    ['You, with a proof of your key', withProof(token, own)],
    ['The thief, without a proof', { Authorization: `Bearer ${token}` }],
    ['The thief, with a proof of another key', withProof(token, others)],
    ['The thief, with your proof once more', withProof(token, own)],
  ]) {
    theft.push({ who, answer: await send(url, METHOD, headers) })
  }
  update({ theft, tokens: { ...state.tokens, stolen: token }, chosen: 'stolen' })
  tell(
    'You called with the key of the token, and the thief without it. The stolen token is sent now.',
  )
}

/** A real issuer takes a proof here, too (RFC 9449 s5). That of the demo takes the thumbprint of the key. */
async function getBoundToken({ thumbprint }) {
  const tokens = await request({
    grant_type: 'refresh_token',
    refresh_token: state.refreshToken,
    dpop_jkt: thumbprint,
  })
  if (tokens === undefined) return undefined
  update({ refreshToken: tokens.refresh_token })
  return tokens.access_token
}

function withProof(token, proof) {
  return { Authorization: `DPoP ${token}`, DPoP: proof }
}
