/** What happened, the newest first. The newest line is also at the foot of the window, and read out. */
import { $, el, setText } from './dom.js'
import { toClock } from './format.js'

const KINDS = { you: 'page', action: 'demo', keys: 'keys' }
let shown

export function showLog({ log }) {
  if (shown === log) return
  shown = log
  $('log').replaceChildren(...log.map(toEntry))
  if (log.length > 0) setText($('status'), log[0].text)
}

function toEntry({ at, kind, text }) {
  return el('li', {}, el('time', {}, toClock(at)), el('b', {}, KINDS[kind]), el('span', {}, text))
}
