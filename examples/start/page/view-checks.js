/** Each claim of the token, with the checks that read it beside it. */
import { $, badge, el, setText, unseen } from './dom.js'
import { toDistance, toMoment } from './format.js'
import { readToken } from './jwt.js'
import { chosenToken, now } from './store.js'

const TIMES = ['iat', 'nbf', 'exp', 'auth_time']
const WORDS = { passed: 'passed', failed: 'failed', skipped: 'not made' }
/** Checks of a claim that have another name than the claim. */
const CLAIMS_OF = {
  client: ['client_id', 'azp'],
  age: ['iat'],
  groups: ['cognito:groups', 'groups'],
  allGroups: ['cognito:groups', 'groups'],
  scopes: ['scope', 'scp'],
  anyScope: ['scope', 'scp'],
}
/** Where the checks are shown; all others are about the payload. */
const PLACES = {
  size: 'form',
  form: 'form',
  structure: 'form',
  schema: 'form',
  check: 'form',
  revocation: 'form',
  verify: 'form',
  header: 'header',
  alg: 'header',
  typ: 'header',
  kid: 'header',
  'critical header': 'header',
  key: 'signature',
  signature: 'signature',
}

let shown

export function showChecks(state) {
  const token = chosenToken()
  const { explanation } = state
  const wanted = token === undefined ? undefined : explanation
  if (shown === wanted) return
  shown = wanted
  if (wanted === undefined) {
    setText($('checks-sum'), 'They appear with a token.')
    return $('checks').replaceChildren()
  }
  const { header, payload } = readToken(token)
  const rows = placeChecks(explanation.checks, header ?? {}, payload ?? {})
  setText($('checks-sum'), summarize(explanation.checks, state.route))
  $('checks').replaceChildren(
    ...[
      toTable('Header', 'head', rows.header),
      toTable('Payload', 'body', rows.payload),
      toTable('Signature', 'sign', rows.signature),
      toTable('Form', 'form', rows.form),
    ].filter(Boolean),
  )
}

/** Puts each check to the claim that it reads. What is wanted, and the token lacks, gets a row of its own. */
function placeChecks(checks, header, payload) {
  const rows = {
    form: new Map(),
    header: toRows(header),
    payload: toRows(payload),
    signature: new Map(),
  }
  for (const check of checks) {
    const place = rows[PLACES[check.name] ?? 'payload']
    const claim = check.name.replace(/^required /, '')
    const names = CLAIMS_OF[claim] ?? [claim]
    const name = names.find((one) => place.has(one)) ?? names[0]
    if (!place.has(name)) place.set(name, { checks: [] })
    place.get(name).checks.push(check)
  }
  return rows
}

function toRows(members) {
  return new Map(Object.entries(members).map(([name, value]) => [name, { value, checks: [] }]))
}

function toTable(title, part, rows) {
  if (rows.size === 0) return undefined
  const head = ['Name', 'Value', 'Check'].map((text) => el('th', { scope: 'col' }, text))
  return el(
    'table',
    { class: `facts ${part}` },
    el('caption', {}, title),
    el('thead', { class: 'unseen' }, el('tr', {}, ...head)),
    el('tbody', {}, ...[...rows].map(([name, row]) => toRow(name, row))),
  )
}

function toRow(name, { value, checks }) {
  const isFailed = checks.some(({ outcome }) => outcome === 'failed')
  return el(
    'tr',
    { class: isFailed ? 'is-failed' : undefined },
    el('th', { scope: 'row' }, name),
    el('td', { class: 'value' }, toValue(name, value, checks)),
    el(
      'td',
      {},
      checks.length > 0 ? checks.map(toCheck) : el('span', { class: 'soft' }, 'not checked'),
    ),
  )
}

function toValue(name, value, checks) {
  if (value === undefined) {
    const [{ actual }] = checks
    return actual ?? el('span', { class: 'soft' }, '–')
  }
  if (TIMES.includes(name) && Number.isFinite(value)) {
    const ms = value * 1_000
    const moment = `${toMoment(ms, now())}, ${toDistance(ms, now())}`
    return [`${value} `, el('span', { class: 'soft' }, moment)]
  }
  return JSON.stringify(value)
}

function toCheck({ name, outcome, expected, detail }) {
  const why =
    outcome === 'passed' ? expected : [detail, expected].filter(Boolean).join('; wanted: ')
  return el(
    'p',
    { class: 'check' },
    badge(outcome, WORDS[outcome]),
    unseen(` check ${name}: `),
    why === undefined || why === '' ? undefined : el('span', { class: 'why' }, why),
  )
}

function summarize(checks, route) {
  const count = (outcome) => checks.filter((check) => check.outcome === outcome).length
  const failed = count('failed')
  const words = failed === 0 ? 'none failed' : `${failed} failed`
  return `${count('passed')} checks passed, ${words}, ${count('skipped')} not made. The rule is that of ${route}.`
}
