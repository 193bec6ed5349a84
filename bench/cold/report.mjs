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

/** From the import to the result. */
function timeOf(rounds, name, other) {
  return spreadOf(rounds, (round) => round[name].millis / round[other].millis)
}

/** What the picture shows. */
export function toColdPicture({ given }) {
  const labels = {
    'jwt-gate': 'jwt-gate',
    'jwt-gate-slim': 'jwt-gate/slim',
    'aws-jwt-verify': 'aws-jwt-verify',
    jose: 'jose',
    'node-crypto': 'node:crypto alone',
  }
  const rows = toRows(given.rounds, labels, ({ millis }) => millis)
  const title = 'Cold start of an authorizer, keys in the bundle'
  return [{ title, unit: 'ms from the import to the first result, less is better', rows }]
}

export function toColdBars({ given, fetched }) {
  const slim = 'jwt-gate-slim'
  const peer = 'aws-jwt-verify'
  const toTimeBar = (asked, time, most) =>
    toBar(`${asked}: at most ${most}`, toSpread(time), time.median <= most)
  const { bytes } = given.bundles[slim]
  const memory = memoryAbove(fetched.rounds, slim, `${peer}-fetched`)
  const asked = 'authorizer of jwt-gate/slim, import plus first verification'
  return [
    toTimeBar(
      `${asked}, keys given, against aws-jwt-verify`,
      timeOf(given.rounds, slim, peer),
      0.75,
    ),
    toTimeBar(`${asked}, keys given, against jose`, timeOf(given.rounds, slim, 'jose'), 1),
    toTimeBar(
      `${asked}, keys fetched, against aws-jwt-verify`,
      timeOf(fetched.rounds, slim, `${peer}-fetched`),
      0.85,
    ),
    toBar(
      `${asked}, keys fetched: no more memory than aws-jwt-verify`,
      `${toSpread(memory, 1)} MB more`,
      memory.median <= 0,
    ),
    toTimeBar(
      'the zip, import plus first verification, keys given, against aws-jwt-verify',
      timeOf(given.rounds, 'zip', peer),
      0.75,
    ),
    toBar(
      'bundled authorizer of jwt-gate/slim: at most 45 KB minified',
      `${toCount(bytes)} bytes`,
      bytes <= 45_000,
    ),
  ]
}
