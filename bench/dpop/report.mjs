/**
 * The table and the bars for DPoP.
 */
import { toBar, toCount, toSpread, toTable } from '../measure/markdown.mjs'
import { spreadOf } from '../measure/statistics.mjs'
import { toRows } from '../picture/rows.mjs'
import { ROUTES } from './routes.mjs'

const OURS = 'jwt-gate dpop'
const PEER = 'express-oauth2-jwt-bearer dpop'

export function toDpopText(rounds) {
  const figure = (name, one) => toCount(spreadOf(rounds, (round) => round[name][one]).median)
  const header = [
    'server',
    'requests/s',
    'against the bare route',
    'CPU µs a request, all threads',
    'above the bare route',
  ]
  const rows = Object.entries(ROUTES).map(([name, { label }]) => [
    label,
    figure(name, 'rate'),
    name === 'bare' ? '' : toSpread(ratioOf(rounds, 'rate', name, 'bare')),
    figure(name, 'micros'),
    name === 'bare'
      ? ''
      : toSpread(
          spreadOf(rounds, (round) => round[name].micros - round.bare.micros),
          0,
        ),
  ])
  return toTable(header, rows)
}

/** What the picture shows. */
export function toDpopPicture(rounds) {
  const labels = {
    [OURS]: 'jwt-gate',
    bare: 'the bare route',
    [PEER]: 'express-oauth2-jwt-bearer',
  }
  const rows = toRows(rounds, labels, ({ micros }) => micros)
  return [
    {
      title: 'Express, a DPoP proof with each request',
      unit: 'CPU µs a request, less is better',
      rows,
    },
  ]
}

export function toDpopBars(rounds) {
  const cost = ratioOf(rounds, 'micros', OURS, PEER)
  const rate = ratioOf(rounds, 'rate', OURS, PEER)
  const asked = 'Express, DPoP (ES256), replays rejected by jwt-gate alone'
  return [
    toBar(
      `${asked}: at most half of the CPU time of express-oauth2-jwt-bearer`,
      toSpread(cost),
      cost.median <= 0.5,
    ),
    toBar(
      `${asked}: at least twice the requests a second of express-oauth2-jwt-bearer`,
      toSpread(rate),
      rate.median >= 2,
    ),
  ]
}

function ratioOf(rounds, figure, name, other) {
  return spreadOf(rounds, (round) => round[name][figure] / round[other][figure])
}
