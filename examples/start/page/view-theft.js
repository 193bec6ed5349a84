/** Who has called with the bound token, and why a thief is refused: what the option `explain` of the API has found. */
import { $, badge, el } from './dom.js'

let shown

export function showTheft({ theft, requests }) {
  const attempts = theft.map(({ who, answer }) => {
    const why = requests.find(({ id }) => String(id) === answer.id)?.why
    // requests are forgotten after a while
    if (why !== undefined) answer.why = why
    return { who, ...answer }
  })
  const key = JSON.stringify(attempts)
  if (key === shown) return
  shown = key
  $('theft').hidden = attempts.length === 0
  $('attempts').replaceChildren(...attempts.map(toAttempt))
}

function toAttempt({ who, status, body, why }) {
  const state = status === 200 ? 'passed' : status >= 400 && status < 500 ? 'refused' : 'undecided'
  const reason = why?.title ?? body.error_description
  return el(
    'li',
    {},
    el('p', { class: 'line-up' }, badge(state, String(status || 'blocked')), el('b', {}, who)),
    status === 200 || reason === undefined ? undefined : el('p', {}, `${reason}.`),
    why === undefined ? undefined : el('p', { class: 'soft' }, why.advice),
  )
}
