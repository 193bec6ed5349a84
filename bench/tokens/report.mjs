/**
 * The tables and bars for tokens.
 */
import { toBar, toCount, toFixed, toSpread, toTable } from '../measure/markdown.mjs'
import { spreadOf } from '../measure/statistics.mjs'
import { toRows } from '../picture/rows.mjs'
import { CONTENDERS, listContenders } from './contenders.mjs'

/** One figure of a contender, with its spread over the rounds. */
function figureOf(rounds, name, scenario, figure) {
  return spreadOf(rounds, (round) => round[name][scenario][figure])
}

/** The ratio of its rate to that of another, within each round. */
function ratioOf(rounds, [name, scenario], [other, otherScenario]) {
  return spreadOf(rounds, (round) => round[name][scenario].rate / round[other][otherScenario].rate)
}

export function toTokenText(measured) {
  const parts = Object.entries(measured).map(
    ([alg, rounds]) => `### Distinct ${alg} tokens\n\n${toDistinctTable(alg, rounds)}`,
  )
  return [...parts, `### One repeated RS256 token\n\n${toRepeatedTable(measured.RS256)}`].join('\n')
}

function toDistinctTable(alg, rounds) {
  const header = [
    'one at a time, then 64 in flight',
    'tokens/s',
    'against the signature alone',
    'main-thread µs',
    '64: tokens/s',
    '64: against the signature alone',
    '64: main-thread µs',
  ]
  const rows = listContenders(alg)
    .filter((name) => rounds[0][name].single)
    .map((name) => [
      CONTENDERS[name].label,
      ...toDistinctCells(rounds, name, 'single'),
      ...(rounds[0][name].inFlight ? toDistinctCells(rounds, name, 'inFlight') : ['', '', '']),
    ])
  return toTable(header, rows)
}

function toDistinctCells(rounds, name, scenario) {
  return [
    toCount(figureOf(rounds, name, scenario, 'rate').median),
    toSpread(ratioOf(rounds, [name, scenario], ['signature', 'single'])),
    toFixed(figureOf(rounds, name, scenario, 'micros').median, 1),
  ]
}

function toRepeatedTable(rounds) {
  const header = [
    'a new string each time',
    'tokens/s',
    'main-thread µs',
    'jwt-gate `verify` is faster',
  ]
  const rows = listContenders('RS256')
    .filter((name) => rounds[0][name].repeated)
    .map((name) => [
      CONTENDERS[name].label,
      toCount(figureOf(rounds, name, 'repeated', 'rate').median),
      toFixed(figureOf(rounds, name, 'repeated', 'micros').median, 1),
      toSpread(ratioOf(rounds, ['jwt-gate', 'repeated'], [name, 'repeated'])),
    ])
  return toTable(header, rows)
}

const UNIT = 'tokens a second, more is better'

/** What the picture shows. */
export function toTokenPicture({ RS256, ES256 }) {
  const peers = { aws: 'aws-jwt-verify', jose: 'jose', jsonwebtoken: 'jsonwebtoken' }
  const single = { 'jwt-gate': 'jwt-gate', 'fast-jwt': 'fast-jwt', ...peers }
  const repeated = { 'jwt-gate': 'jwt-gate', 'fast-jwt cache': 'fast-jwt, its cache', ...peers }
  const rateOf = (scenario) => (contender) => contender[scenario].rate
  return [
    {
      title: 'One repeated RS256 token',
      unit: UNIT,
      rows: toRows(RS256, repeated, rateOf('repeated')),
    },
    {
      title: 'Distinct RS256 tokens, one at a time',
      unit: UNIT,
      rows: toRows(RS256, single, rateOf('single')),
    },
    {
      title: 'Distinct ES256 tokens, 64 in flight',
      unit: UNIT,
      rows: toRows(ES256, { 'jwt-gate': 'jwt-gate', ...peers }, rateOf('inFlight')),
    },
  ]
}

/** The bars of tokens. */
export function toTokenBars({ RS256, ES256, EdDSA }) {
  const repeated = (name) => [name, 'repeated']
  const ofAws = ratioOf(RS256, repeated('jwt-gate'), repeated('aws'))
  const ofFastJwt = ratioOf(RS256, repeated('jwt-gate'), repeated('fast-jwt cache'))
  const ofDigest = ratioOf(RS256, repeated('sha256'), repeated('jwt-gate'))
  const again = 'RS256, repeated'
  return [
    ...toDistinctBars(RS256, 'jwt-gate', 'as it is by default'),
    ...toDistinctBars(RS256, 'jwt-gate uncached', 'cache off'),
    ...toPoolBars('ES256', ES256),
    ...toPoolBars('EdDSA', EdDSA),
    toBar(`${again}: at least 20 times aws-jwt-verify`, toSpread(ofAws, 1), ofAws.median >= 20),
    toBar(
      `${again}: at least 2 times fast-jwt with its cache`,
      toSpread(ofFastJwt),
      ofFastJwt.median >= 2,
    ),
    toBar(
      `${again}: at most 1.4 times the cost of one SHA-256 of the token`,
      toSpread(ofDigest),
      ofDigest.median <= 1.4,
    ),
  ]
}

/** With the cache, which is on by default and useless here, and without it. */
function toDistinctBars(rounds, name, how) {
  const single = (name) => [name, 'single']
  const ofSignature = ratioOf(rounds, single(name), single('signature'))
  const ofAwsSync = ratioOf(rounds, single(name), single('aws sync'))
  const asked = `RS256, distinct, one at a time, ${how}`
  return [
    toBar(
      `${asked}: at least 0.75 of the rate of the signature alone`,
      toSpread(ofSignature),
      ofSignature.median >= 0.75,
    ),
    toBar(
      `${asked}: at least 1.25 times aws-jwt-verify \`verifySync\``,
      toSpread(ofAwsSync),
      ofAwsSync.median >= 1.25,
    ),
  ]
}

function toPoolBars(alg, rounds) {
  const rate = ratioOf(rounds, ['jwt-gate', 'inFlight'], ['aws', 'inFlight'])
  const cost = spreadOf(
    rounds,
    (round) => round['jwt-gate'].inFlight.micros / round.aws.inFlight.micros,
  )
  const alone = ratioOf(rounds, ['jwt-gate', 'single'], ['signature', 'single'])
  const asked = `${alg}, distinct, 64 in flight, against aws-jwt-verify`
  return [
    toBar(
      `${alg}, distinct, one at a time: at least 0.9 of the rate of the signature alone`,
      toSpread(alone),
      alone.median >= 0.9,
    ),
    toBar(`${asked}: at least 1.2 times the rate`, toSpread(rate), rate.median >= 1.2),
    toBar(
      `${asked}: at most a third of the main-thread time`,
      toSpread(cost),
      cost.median <= 1 / 3,
    ),
  ]
}
