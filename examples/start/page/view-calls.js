/** The buttons that call, each with its last answer, and the newest answer in full. */
import { call } from './calls.js'
import { $, badge, el, icon, unseen } from './dom.js'

const SURFACES = { express: 'Express', gateway: 'API Gateway' }
let shown

/** Makes a row for each route. */
export function makeCalls({ routes }) {
  const toRow = ({ route, rule }) =>
    el(
      'tr',
      {},
      el(
        'th',
        { scope: 'row' },
        el('code', {}, route.replace('GET ', '')),
        el('small', {}, toRule(rule)),
      ),
      ...Object.keys(SURFACES).map((surface) => el('td', {}, toButton(surface, route))),
    )
  $('matrix').replaceChildren(...routes.map(toRow))
}

export function showCalls({ answers, answer }) {
  for (const button of document.querySelectorAll('[data-call]')) {
    const last = answers[button.dataset.call]
    const slot = button.querySelector('.last')
    const text = last === undefined ? '' : String(last.status)
    if (slot.dataset.last === text) continue
    slot.dataset.last = text
    slot.replaceChildren(last === undefined ? icon('open') : toBadge(last.status))
  }
  if (answer === undefined || answer === shown) return
  shown = answer
  const { title, status, headers, body } = answer
  $('answer').replaceChildren(
    el('p', { class: 'line-up' }, toBadge(status), el('b', {}, title)),
    status === 0
      ? el(
          'p',
          {},
          'The preflight request was refused, so the browser did not send this one. The API saw no token.',
        )
      : el(
          'pre',
          { tabindex: '0', role: 'region', 'aria-label': 'The answer' },
          toText(headers, body),
        ),
  )
}

function toButton(surface, route) {
  const button = el(
    'button',
    { class: 'call', 'data-call': `${surface} ${route}` },
    el('span', {}, 'Call', unseen(` ${route} through ${SURFACES[surface]}`)),
    el('span', { class: 'last' }),
  )
  button.addEventListener('click', () => call(surface, route))
  return button
}

function toRule({ scopes, groups }) {
  if (scopes) return `scope ${scopes.join(', ')}`
  return groups ? `group ${groups.join(', ')}` : 'any valid token'
}

function toBadge(status) {
  if (status === 0) return badge('refused', 'blocked')
  return badge(status < 400 ? 'passed' : status < 500 ? 'refused' : 'undecided', String(status))
}

function toText(headers, body) {
  const lines = headers.map(([name, value]) => `${name}: ${value}`)
  return [...lines, JSON.stringify(body, null, 2)].join('\n')
}
