/**
 * The tables and bars for Express.
 */
import { toBar, toCount, toSpread, toTable } from '../measure/markdown.mjs'
import { spreadOf } from '../measure/statistics.mjs'
import { toRows } from '../picture/rows.mjs'
import { MIDDLEWARE } from './middleware.mjs'

function rateOf(rounds, name, scenario, other) {
  return spreadOf(rounds, (round) => round[name][scenario].rate / round[other][scenario].rate)
}

/** The cost in main-thread time above the bare route, in microseconds per request. */
function costOf(rounds, name, scenario) {
  return spreadOf(rounds, (round) => round[name][scenario].micros - round.bare[scenario].micros)
}

export function toExpressText(rounds, { unseen }) {
  const titles = {
    repeated: 'One repeated token',
    rotation:
      '5,000 distinct tokens in rotation, which is what the default cache of jwt-gate holds',
    unseen: `${toCount(unseen.distinct)} distinct tokens in rotation, more than that cache holds`,
  }
  return Object.entries(titles)
    .map(([scenario, title]) => `### ${title}\n\n${toScenarioTable(rounds, scenario)}`)
    .join('\n')
}

function toScenarioTable(rounds, scenario) {
  const header = [
    'server',
    'requests/s',
    'against the bare route',
    'main-thread µs a request',
    'above the bare route',
  ]
  const rows = Object.entries(MIDDLEWARE).map(([name, { label }]) => [
    label,
    toCount(spreadOf(rounds, (round) => round[name][scenario].rate).median),
    name === 'bare' ? '' : toSpread(rateOf(rounds, name, scenario, 'bare')),
    toCount(spreadOf(rounds, (round) => round[name][scenario].micros).median),
    name === 'bare' ? '' : toSpread(costOf(rounds, name, scenario), 0),
  ])
  return toTable(header, rows)
}

/** What the picture shows. */
export function toExpressPicture(rounds) {
  const labels = {
    'jwt-gate': 'jwt-gate',
    bare: 'the bare route',
    'express-oauth2-jwt-bearer': 'express-oauth2-jwt-bearer',
    aws: 'aws-jwt-verify by hand',
    'express-jwt': 'express-jwt + jwks-rsa',
  }
  const rows = toRows(rounds, labels, ({ repeated }) => repeated.rate)
  return [{ title: 'Express, one repeated token', unit: 'requests a second, more is better', rows }]
}

export function toExpressBars(rounds) {
  const rate = rateOf(rounds, 'jwt-gate', 'repeated', 'bare')
  const cost = costOf(rounds, 'jwt-gate', 'repeated')
  const peers = Object.keys(MIDDLEWARE).filter((name) => name !== 'bare' && name !== 'jwt-gate')
  const [closest] = peers
    .map((name) => ({ name, ratio: rateOf(rounds, 'jwt-gate', 'rotation', name) }))
    .toSorted((a, b) => a.ratio.median - b.ratio.median)
  return [
    toBar(
      'Express, repeated token: at least 0.96 of the requests a second of the bare route',
      toSpread(rate),
      rate.median >= 0.96,
    ),
    toBar(
      'Express, repeated token: at most 15 µs of main-thread time a request',
      toSpread(cost, 1),
      cost.median <= 15,
    ),
    toBar(
      'Express, 5,000 distinct tokens in rotation: ahead of every peer',
      `${toSpread(closest.ratio)} times ${MIDDLEWARE[closest.name].label}`,
      closest.ratio.median > 1,
    ),
  ]
}
