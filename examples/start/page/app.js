/** The page: views of one state, and the buttons that change it. */
import { makeBreaks, showBreaks } from './breaks.js'
import { explainToken, follow, loadConfig } from './demo-api.js'
import { $, onClick, setText } from './dom.js'
import { toClock, toLength } from './format.js'
import { readToken } from './jwt.js'
import { beginSignIn, finishSignIn, renew, signOut } from './sign-in.js'
import { chosenToken, now, onChange, state, tell, update } from './store.js'
import { makeCalls, showCalls } from './view-calls.js'
import { showChecks } from './view-checks.js'
import { drawKeys, showKeys } from './view-keys.js'
import { showLog } from './view-log.js'
import { showRequests } from './view-requests.js'
import { showTheft } from './view-theft.js'
import { draw, showTime } from './view-time.js'
import { showToken } from './view-token.js'

const VIEWS = [
  showAccount,
  showToken,
  showChecks,
  showTime,
  showKeys,
  showCalls,
  showBreaks,
  showTheft,
  showRequests,
  showLog,
]

let explained = ''
let asking = 0
/** When the keys were fetched that the verdict is based on. */
let basis

/** The verdict is asked for when what it depends on has changed. */
async function askAgain({ demo, route }) {
  const token = chosenToken()
  const { exp, nbf } = (token && readToken(token).payload) || {}
  const tolerance = state.config?.toleranceSeconds ?? 0
  const seconds = now() / 1_000
  const phase = [seconds >= exp + tolerance, seconds >= nbf - tolerance]
  const { isIssuerDown, offsetMs, keys, revoked } = demo ?? {}
  const key = JSON.stringify([token, route, phase, isIssuerDown, offsetMs, revoked])
  // a fetch that the question itself has caused is no reason to ask again: unknown keys have a budget
  const isSame = key === explained && (asking > 0 || keys?.fetchedAt === basis)
  if (isSame || demo === undefined) return
  explained = key
  asking++
  await explainToken().finally(() => {
    basis = state.demo.keys.fetchedAt
    asking--
  })
}

function showAccount({ user, config, demo }) {
  $('renew').hidden = user === undefined
  $('sign-out').hidden = user === undefined
  if (config === undefined) return
  $('sign-in').hidden = config.issuer === undefined
  const membership = user?.groups.length > 0 ? `, group ${user.groups.join(', ')}` : ', no groups'
  setText($('who'), user ? `${user.name}${membership}` : toAbsence(config))
  const offset = demo?.offsetMs ?? 0
  setText(
    $('clock-offset'),
    Math.abs(offset) < 500 ? '' : `${offset > 0 ? '+' : '−'}${toLength(offset)}`,
  )
}

function toAbsence({ issuer }) {
  return issuer === undefined ? 'Paste an access token of your user pool.' : 'Nobody is signed in.'
}

function tick() {
  setText($('clock'), `${toClock(now())} UTC`)
  draw()
  drawKeys()
  void askAgain(state)
}

function makeForms() {
  $('sign-in').addEventListener('click', beginSignIn)
  onClick($('sign-out'), signOut)
  onClick($('renew'), async () => {
    if (await renew()) tell('A new token, from the refresh token. The previous one is still there.')
  })
  document.querySelector('.picker').addEventListener('change', ({ target }) => {
    update({ chosen: target.value })
  })
  $('paste').addEventListener('submit', (event) => {
    event.preventDefault()
    const pasted = $('pasted').value.trim()
    if (pasted === '') return
    update({ tokens: { ...state.tokens, pasted }, chosen: 'pasted' })
    tell('The pasted token is the one to send now.')
  })
}

for (const view of VIEWS) onChange(view)
onChange(askAgain)
makeForms()
makeBreaks()
await loadConfig()
makeCalls(state.config)
follow()
await finishSignIn()
setInterval(tick, 1_000)
tick()
