/**
 * The tables and bars for cold starts.
 */
import { toBar, toCount, toFixed, toSpread, toTable } from '../measure/markdown.mjs'
import { spreadOf } from '../measure/statistics.mjs'
import { toRows } from '../picture/rows.mjs'

const TITLES = {
  given: 'Keys in the bundle',
  fetched: 'Keys fetched over https on loopback',
}

export function toColdText(measured) {
  return Object.entries(measured)
    .map(([kind, { bundles, rounds }]) => `### ${TITLES[kind]}\n\n${toKindTable(bundles, rounds)}`)
    .join('\n')
}

function toKindTable(bundles, rounds) {
  const header = [
    'authorizer',
    'bytes minified',
    'gzipped',
    'whole process, ms',
    'import + first verification, ms',
    'memory above an empty process, MB',
  ]
  const rows = Object.entries(bundles).map(([name, { bytes, gzipped }]) => [
    name.replace('-fetched', ''),
    toCount(bytes),
    toCount(gzipped),
    toSpread(
      spreadOf(rounds, (round) => round[name].wholeMillis),
      1,
    ),
    toFixed(spreadOf(rounds, (round) => round[name].millis).median, 1),
    toFixed(memoryAbove(rounds, name, 'empty').median, 1),
  ])
  return toTable(header, rows)
}

/** Its peak memory above that of another process, in MB. */
function memoryAbove(rounds, name, other) {
  return spreadOf(rounds, (round) => (round[name].kilobytes - round[other].kilobytes) * 1.024e-3)
}

function timeOf(rounds, name, other) {
  return spreadOf(rounds, (round) => round[name].wholeMillis / round[other].wholeMillis)
}

/** What the picture shows. */
export function toColdPicture({ given }) {
  const labels = { 'jwt-gate': 'jwt-gate', 'aws-jwt-verify': 'aws-jwt-verify', jose: 'jose' }
  const rows = toRows(given.rounds, labels, ({ millis }) => millis)
  const title = 'Cold start of an authorizer, keys in the bundle'
  return [{ title, unit: 'ms from the import to the first result, less is better', rows }]
}

export function toColdBars({ given, fetched }) {
  const time = timeOf(given.rounds, 'jwt-gate', 'aws-jwt-verify')
  const { bytes } = given.bundles['jwt-gate']
  const names = ['jwt-gate-fetched', 'aws-jwt-verify-fetched']
  const timeFetched = timeOf(fetched.rounds, ...names)
  const memoryFetched = memoryAbove(fetched.rounds, ...names)
  const asked = 'bundled authorizer, import plus first verification, as a whole process'
  return [
    toBar(
      `${asked}, keys given: at most 0.9 of the time of aws-jwt-verify's`,
      toSpread(time),
      time.median <= 0.9,
    ),
    toBar(
      `${asked}, keys given: at most 45 KB minified`,
      `${toCount(bytes)} bytes`,
      bytes <= 45_000,
    ),
    toBar(
      `${asked}, keys fetched: no slower than aws-jwt-verify's`,
      toSpread(timeFetched),
      timeFetched.median <= 1,
    ),
    toBar(
      `${asked}, keys fetched: no more memory than aws-jwt-verify's`,
      `${toSpread(memoryFetched, 1)} MB more`,
      memoryFetched.median <= 0,
    ),
  ]
}
