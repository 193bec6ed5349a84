/**
 * `npm run bench -- --compare <commit>`: this build beside that of another commit. In each round, every case runs in new processes,
 * in which both builds take short turns; every other round loads the other build first. A ratio is taken within a turn.
 */
import { runChild } from '../measure/child.mjs'
import { DIST } from '../measure/library.mjs'
import { toFixed, toSpread, toTable } from '../measure/markdown.mjs'
import { median, spreadOf } from '../measure/statistics.mjs'
import { buildCommit } from './build.mjs'
import { CASES } from './cases.mjs'
import { compareExpress } from './express.mjs'
import { toVerdict } from './verdict.mjs'

const WORKER = new URL('worker.mjs', import.meta.url)
const LABELS = {
  ...Object.fromEntries(Object.entries(CASES).map(([name, { label }]) => [name, label])),
  express: 'Express, a repeated token',
}

export async function compareWith(commit, { folder, settings, log }) {
  const other = buildCommit(commit)
  log(`${other.name} built`)
  try {
    const measured = {}
    for (const name of Object.keys(LABELS)) {
      measured[name] = await compareCase(name, other.dist, { folder, log, ...settings })
    }
    return toText(measured, other.name)
  } finally {
    other.remove()
  }
}

/** The figures of each round; `undefined` if one of the builds does not have what the case needs. */
async function compareCase(name, otherDist, { rounds, log, ...settings }) {
  const builds = [
    ['old', otherDist],
    ['new', DIST],
  ]
  const measure = name === 'express' ? compareExpress : (input) => runChild(WORKER, input)
  const figures = []
  try {
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 === 0 ? builds : builds.toReversed()
      figures.push(toRound(await measure({ name, builds: order, ...settings })))
    }
  } catch (error) {
    log(error.message)
    return undefined
  }
  log(LABELS[name])
  return figures
}

function toRound({ old, new: latest }) {
  const ratio = median(latest.map((micros, turn) => micros / old[turn]))
  return { ratio, old: median(old), latest: median(latest) }
}

function toText(measured, name) {
  const header = ['case', `${name}, µs`, 'this build, µs', 'this build takes', 'verdict']
  const rows = Object.entries(measured).map(([one, rounds]) => [LABELS[one], ...toCells(rounds)])
  return [
    `# This build beside ${name}\n`,
    'Main-thread time a call; the ratio is the median over all rounds, with the least and the greatest behind it.\n',
    toTable(header, rows),
  ].join('\n')
}

function toCells(rounds) {
  if (rounds === undefined) return ['', '', '', 'cannot be compared']
  const ratio = spreadOf(rounds, (round) => round.ratio)
  return [
    toFixed(spreadOf(rounds, ({ old }) => old).median),
    toFixed(spreadOf(rounds, ({ latest }) => latest).median),
    toSpread(ratio, 3),
    toVerdict(ratio, rounds.length),
  ]
}
