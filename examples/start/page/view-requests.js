/** Requests on their way through the stations of an API. */
import { $, badge, el, icon, unseen } from './dom.js'
import { toClock } from './format.js'

const MAX_SHOWN = 8
const WORDS = { passed: 'passed', refused: 'refused here', failed: 'failed here' }
const items = new Map()

export function showRequests({ requests, config }) {
  if (config === undefined) return
  $('requests-none').hidden = requests.length > 0
  const shown = requests.slice(0, MAX_SHOWN)
  for (const [id, { element }] of items) {
    if (shown.some((one) => one.id === id)) continue
    element.remove()
    items.delete(id)
  }
  for (const request of [...shown].reverse()) place(request, config.stations[request.surface])
}

/** Only a request that has changed is drawn again. */
function place(request, stations) {
  const key = `${request.steps.length} ${request.status}`
  const known = items.get(request.id)
  if (known?.key === key) return
  const element = toRail(request, stations)
  if (known) known.element.replaceWith(element)
  else $('rails').prepend(element)
  items.set(request.id, { key, element })
}

function toRail({ at, method, path, status, steps }, stations) {
  const isPreflight = method === 'OPTIONS'
  const last = steps.length - 1
  const isStopped = steps[last] !== undefined && steps[last].outcome !== 'passed'
  const passed = isPreflight ? 'answered the preflight' : steps[last]?.note
  const ends = isStopped ? `${stations[last]}: ${steps[last].note}` : passed
  return el(
    'li',
    { class: isPreflight ? 'rail preflight' : 'rail' },
    el(
      'p',
      { class: 'line-up' },
      el('code', {}, `${method} ${path}`),
      toStatus(status),
      el('span', { class: 'end' }, ends ?? ''),
      el('span', { class: 'soft' }, toClock(at)),
    ),
    el(
      'ol',
      { class: 'stations' },
      ...stations.map((name, index) => toStation(name, steps[index], index)),
    ),
  )
}

function toStatus(status) {
  if (status === undefined) return badge('waiting', 'on its way')
  return badge(status < 400 ? 'passed' : status < 500 ? 'refused' : 'undecided', String(status))
}

function toStation(name, step, index) {
  const outcome = step?.outcome
  const sign = outcome === 'failed' ? 'undecided' : outcome
  const station = el(
    'li',
    { class: outcome ?? 'unreached' },
    el('span', { class: 'dot' }, outcome === undefined ? undefined : icon(sign)),
    el('span', { class: 'name' }, name),
    unseen(` ${outcome === undefined ? 'not reached' : WORDS[outcome]}`),
  )
  station.style.setProperty('--turn', index)
  return station
}
