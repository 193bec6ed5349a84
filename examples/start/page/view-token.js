/** The verdict, and the token in its three parts. */
import { $, el, setText, unseen } from './dom.js'
import { readToken } from './jwt.js'
import { chosenToken } from './store.js'

const PARTS = ['head', 'body', 'sign']
const NAMES = ['Header: ', 'Payload: ', 'Signature: ']
const VERDICTS = { accepted: 'Accepted', refused: 'Refused', undecided: 'Nobody can tell' }

export function showToken(state) {
  const token = chosenToken()
  const isIn = Object.keys(state.tokens).length > 0
  document.querySelector('main').classList.toggle('is-empty', !isIn)
  $('signed-in').hidden = !isIn
  $('signed-out').hidden = isIn
  for (const radio of document.querySelectorAll('[name=token]')) {
    radio.closest('label').hidden =
      radio.value !== 'none' && state.tokens[radio.value] === undefined
    radio.checked = radio.value === state.chosen
  }
  showRaw(token)
  showVerdict(state, token)
}

function showRaw(token) {
  const raw = $('raw')
  if (raw.dataset.token === (token ?? '')) return
  raw.dataset.token = token ?? ''
  $('legend').hidden = token === undefined
  if (token === undefined)
    return raw.replaceChildren(el('p', {}, 'No Authorization header is sent.'))
  const { parts, rest } = readToken(token)
  const spans = parts.map((text, at) => [
    at > 0 && el('b', {}, '.'),
    unseen(NAMES[at]),
    el('span', { class: PARTS[at] }, text),
  ])
  raw.replaceChildren(el('p', {}, ...spans.flat(), ...rest.map((text) => `.${text}`)))
}

function showVerdict({ explanation, user, tokens, route }, token) {
  const box = $('verdict-box')
  if (token === undefined) {
    box.dataset.verdict = 'none'
    const isIn = Object.keys(tokens).length > 0
    setText($('verdict'), isIn ? 'No token' : 'No token yet')
    setText(
      $('cause'),
      isIn ? 'Calls are sent without one.' : 'Sign in at the embedded issuer to get one.',
    )
    setText($('code'), '')
    return setText($('advice'), '')
  }
  if (explanation === undefined) return undefined
  const { verdict, code, causes } = explanation
  const [cause] = causes
  box.dataset.verdict = verdict
  setText($('verdict'), VERDICTS[verdict])
  setText($('code'), code ?? '')
  const whose = user ? `${user.name}’s token` : 'This token'
  setText(
    $('cause'),
    cause?.title ?? `${whose} passes every check, and meets the rule of ${route}.`,
  )
  return setText($('advice'), cause?.advice ?? '')
}
