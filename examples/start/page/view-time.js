/** The life of the token on a line, with the clock and its tolerance. */
import { $, el, setText } from './dom.js'
import { toClock, toLength, toMoment } from './format.js'
import { readToken } from './jwt.js'
import { chosenToken, now } from './store.js'

let marks

export function showTime({ config }) {
  const token = chosenToken()
  const payload = token === undefined ? undefined : readToken(token).payload
  const { iat, nbf, exp } = payload ?? {}
  if (config === undefined || !Number.isFinite(exp)) {
    marks = undefined
    setText($('times-sum'), 'The life of the token appears here.')
    return $('line').replaceChildren()
  }
  marks = {
    iat: iat * 1_000,
    nbf: nbf * 1_000,
    exp: exp * 1_000,
    tolerance: config.toleranceSeconds * 1_000,
  }
  draw()
}

/** Moves what moves: called every second. */
export function draw() {
  if (marks === undefined) return
  const { iat, nbf, exp, tolerance } = marks
  const nowMs = now()
  setText($('times-sum'), summarize(nowMs))
  const start = Number.isFinite(nbf) ? nbf : iat
  const known = [start, exp, nowMs].filter(Number.isFinite)
  const [first, last] = [Math.min(...known), Math.max(...known)]
  const room = (last - first || 1) * 0.06
  const at = (ms) => (ms - first + room) / (last - first + 2 * room)
  const names = iat === nbf ? 'iat, nbf' : 'nbf'
  const shown = [
    span('good', at(start), at(exp)),
    span('tolerance', at(start - tolerance), at(start)),
    span('tolerance', at(exp), at(exp + tolerance)),
    iat !== nbf && Number.isFinite(iat) && mark('iat', iat, at(iat), nowMs),
    Number.isFinite(nbf) && mark(names, nbf, at(nbf), nowMs),
    mark('exp', exp, at(exp), nowMs),
    mark('clock', nowMs, at(nowMs), nowMs),
  ]
  $('line').replaceChildren(...shown.filter(Boolean))
}

function summarize(nowMs) {
  const { iat, nbf, exp, tolerance } = marks
  const spare = `The verifier tolerates ${toLength(tolerance)} on either side.`
  const all = [
    ['iat', iat],
    ['nbf', nbf],
    ['exp', exp],
  ].map(([name, ms]) => `${name} ${Number.isFinite(ms) ? toMoment(ms, nowMs) : 'is absent'}`)
  return `${toLife(nowMs)} ${all.join(', ')}. ${spare}`
}

function toLife(nowMs) {
  const { nbf, exp, tolerance } = marks
  if (nowMs >= exp + tolerance) return `Expired ${toLength(nowMs - exp)} ago.`
  if (nowMs >= exp) return 'Expired, but within the tolerance.'
  if (nbf - tolerance > nowMs) return `Valid in ${toLength(nbf - nowMs)}.`
  return `Valid for another ${toLength(exp - nowMs)}.`
}

function span(name, from, to) {
  const element = el('div', { class: name })
  element.style.setProperty('--from', from)
  element.style.setProperty('--to', Math.max(to, from))
  return element
}

function mark(name, ms, at, nowMs) {
  const side = at > 0.8 ? 'end' : at < 0.2 ? 'start' : 'middle'
  const kind = name === 'clock' ? 'mark clock-mark' : 'mark'
  const element = el(
    'div',
    { class: `${kind} ${side}` },
    el('p', {}, el('b', {}, name), ` ${name === 'clock' ? toClock(ms) : toMoment(ms, nowMs)}`),
  )
  element.style.setProperty('--at', at)
  return element
}
