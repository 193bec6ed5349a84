/** The life of the verifier's keys: how old they are, and what that means for the next call. */
import { $, badge, el, setText } from './dom.js'
import { toLength } from './format.js'
import { now } from './store.js'

const HOUR = 3_600_000
const MAX_STALE = 2 * HOUR

const STAGES = [
  { name: 'Fresh', state: 'passed', text: 'Used as they are.' },
  { name: 'Refresh', state: 'passed', text: 'Used, and fetched again in the background.' },
  {
    name: 'Stale',
    state: 'waiting',
    text: 'A call waits for new keys. If none come, these are used.',
  },
  {
    name: 'Gone',
    state: 'failed',
    text: 'Nobody can tell whether a token is good: 503, never 401.',
  },
]

let keys

export function showKeys({ demo }) {
  keys = demo?.keys
  drawKeys()
}

/** Called every second too: keys grow older. */
export function drawKeys() {
  if (keys === undefined) return
  const { fetchedAt, lifetimeMs = 600_000 } = keys
  const ends = [0.8 * lifetimeMs, 2 * lifetimeMs, MAX_STALE, Number.POSITIVE_INFINITY]
  const age = fetchedAt === undefined ? undefined : Math.max(0, now() - fetchedAt)
  const stage = age === undefined ? -1 : ends.findIndex((end) => age < end)
  setText($('keys-sum'), summarize(age, stage))
  const life = $('life')
  if (life.children.length === 0) life.append(...STAGES.map(toStage))
  for (const [at, item] of [...life.children].entries()) {
    const from = at === 0 ? 0 : ends[at - 1]
    const to = Math.min(ends[at], from + HOUR * 2)
    setText(item.querySelector('.range'), toRange(from, ends[at]))
    item.classList.toggle('is-now', at === stage)
    item.toggleAttribute('aria-current', at === stage)
    item.style.setProperty(
      '--done',
      stage < at ? 0 : at < stage ? 1 : Math.min(1, (age - from) / (to - from)),
    )
  }
}

function toStage({ name, state, text }) {
  return el(
    'li',
    {},
    el('div', { class: 'gauge', 'aria-hidden': 'true' }),
    el('h3', {}, name, ' ', el('span', { class: 'range' }), ' ', badge(state, 'now')),
    el('p', { class: 'soft' }, text),
  )
}

function toRange(from, to) {
  if (from === 0) return `to ${toLength(to)}`
  return Number.isFinite(to) ? `${toLength(from)} to ${toLength(to)}` : `over ${toLength(from)}`
}

function summarize(age, stage) {
  const { isFetching, count, failure, retryAt } = keys
  const parts = [
    age === undefined
      ? 'None yet. The first token makes the verifier fetch them.'
      : `${count} keys, fetched ${toLength(age)} ago: ${STAGES[stage].name.toLowerCase()}.`,
  ]
  if (isFetching) parts.push('A fetch is on its way.')
  if (failure !== undefined) parts.push(`The last fetch failed. ${toRetry(retryAt - now())}`)
  return parts.join(' ')
}

function toRetry(ms) {
  return ms > 0 ? `The next is possible in ${toLength(ms)}.` : 'The next call tries again.'
}
