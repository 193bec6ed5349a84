/** The buttons that break things, and the one that puts them back. */

import { act } from './demo-api.js'
import { $, onClick, setText } from './dom.js'
import { forge, readToken } from './jwt.js'
import { renew } from './sign-in.js'
import { chosenToken, now, state, tell, update } from './store.js'
import { steal } from './theft.js'

const BUTTONS = {
  expire: async () => {
    const { exp } = readToken(chosenToken()).payload
    const seconds = exp + state.config.toleranceSeconds + 1 - now() / 1_000
    if (seconds <= 0) return tell('This token has expired already.')
    await act({ do: 'clock', seconds })
    tell('The token has expired: the clock is past exp and its tolerance.')
  },
  forge: () => {
    update({ tokens: { ...state.tokens, forged: forge(state.tokens.access) }, chosen: 'forged' })
    tell(
      'Forged: the payload now says group admin, and ten more years. The signature is still the old one.',
    )
  },
  'send-id': () => {
    update({ chosen: 'id' })
    tell('The ID token is sent now. It says who signed in, and is meant for the client alone.')
  },
  'drop-group': async () => {
    if (!(await act({ do: 'drop-group', user: state.user.username }))) return
    if (await renew())
      tell('The new token has no group. The previous one still has it, until it expires.')
  },
  revoke: () => act({ do: isRevoked(state) ? 'restore' : 'revoke', token: chosenToken() }),
  steal,
  rotate: () => act({ do: 'rotate' }),
  outage: () => act({ do: state.demo.isIssuerDown ? 'recover' : 'outage' }),
  cors: () => act({ do: state.demo.isCorsOn ? 'cors-off' : 'cors-on' }),
  reset: async () => {
    await act({ do: 'reset' })
    update({ answers: {}, theft: [], route: 'GET /profile', chosen: 'access' })
    if (state.refreshToken === undefined || !(await renew())) return
    const { access, id } = state.tokens
    update({ tokens: { access, id } })
    tell('You have a new token.')
  },
}

export function makeBreaks() {
  for (const [id, run] of Object.entries(BUTTONS)) onClick($(id), run)
  for (const button of document.querySelectorAll('[data-move]')) {
    const seconds = Number(button.dataset.move)
    onClick(button, () => act({ do: 'clock', seconds }))
  }
}

/** What makes no sense now is disabled; what is broken says how to mend it. */
export function showBreaks({ tokens, user, demo, config, explanation }) {
  if (demo === undefined || config === undefined) return
  const isEmbedded = config.issuer !== undefined
  disable('expire', chosenToken() === undefined)
  disable('forge', tokens.access === undefined)
  disable('send-id', tokens.id === undefined)
  disable('drop-group', user === undefined)
  disable('revoke', chosenToken() === undefined)
  disable('steal', user === undefined)
  disable('rotate', !isEmbedded)
  disable('outage', !isEmbedded)
  toggle('revoke', isRevoked({ explanation }), 'Put it back', 'Revoke it')
  toggle('outage', demo.isIssuerDown, 'Bring the issuer back', 'Take the issuer down')
  toggle('cors', !demo.isCorsOn, 'Call with CORS', 'Call without CORS')
}

/** Whether the chosen token is refused because it was revoked. */
function isRevoked({ explanation }) {
  return chosenToken() !== undefined && explanation?.code === 'ERR_TOKEN_REVOKED'
}

function disable(id, isOff) {
  $(id).disabled = isOff
}

function toggle(id, isBroken, mend, breakIt) {
  $(id).classList.toggle('is-broken', isBroken)
  setText($(id), isBroken ? mend : breakIt)
}
