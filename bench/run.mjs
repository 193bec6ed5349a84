/**
 * `npm run bench`: measures jwt-gate beside its peers, and writes RESULTS.md.
 *
 *     node bench/run.mjs [--quick] [--only tokens|express|keys|flood|memory|cold] [--write]
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { measureCold } from './cold/index.mjs'
import { measureExpress } from './express/index.mjs'
import { measureFlood } from './flood/index.mjs'
import { measureKeys } from './keys/index.mjs'
import { createFixtures } from './measure/fixtures.mjs'
import { describeMachine } from './measure/machine.mjs'
import { toBarTable } from './measure/markdown.mjs'
import { measureMemory } from './memory/index.mjs'
import { FULL, QUICK } from './settings.mjs'
import { measureTokens } from './tokens/index.mjs'

const PARTS = {
  tokens: { title: 'Tokens', measure: measureTokens },
  express: { title: 'Express 5, 50 connections', measure: measureExpress },
  keys: { title: 'Keys', measure: measureKeys },
  flood: { title: 'A flood of forged tokens', measure: measureFlood },
  memory: { title: 'Memory', measure: measureMemory },
  cold: { title: 'Cold start of a bundled authorizer', measure: measureCold },
}
const RESULTS = new URL('RESULTS.md', import.meta.url)

const { quick, only, write } = readArguments()
const { tokens, parts } = quick ? QUICK : FULL
const started = performance.now()
const fixtures = await createFixtures(tokens)
log('tokens minted')
try {
  const measured = []
  for (const name of only ? [only] : Object.keys(PARTS)) {
    const { title, measure } = PARTS[name]
    const { folder } = fixtures
    measured.push({ title, ...(await measure({ folder, settings: parts[name], log })) })
  }
  const report = toReport(measured)
  if (write) writeFileSync(RESULTS, report)
  process.stdout.write(report)
} finally {
  fixtures.remove()
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      write: { type: 'boolean' },
    },
  })
  const { quick, only } = values
  if (only !== undefined && !Object.hasOwn(PARTS, only)) {
    throw new Error(`--only takes one of ${Object.keys(PARTS).join(', ')}`)
  }
  return { quick, only, write: values.write ?? !(quick || only) }
}

/** Progress is printed separately from the report. */
function log(message) {
  const seconds = Math.round((performance.now() - started) / 1e3)
  process.stderr.write(`${String(seconds).padStart(4)} s  ${message}\n`)
}

function toReport(measured) {
  const sections = measured.map(({ title, text }) => `## ${title}\n\n${text}`)
  return [
    '# What was measured\n',
    ...(quick
      ? ['**A quick run: it shows that everything works, and says little about speed.**\n']
      : []),
    `${describeMachine()}\n`,
    'Medians over all rounds; a ratio is taken within each round, and has the least and the greatest behind it. Read the',
    'ratios: the figures themselves are of one machine on one day. [README.md](README.md) says what is measured, and how.\n',
    '## Bars\n',
    toBarTable(measured.flatMap(({ bars }) => bars)),
    sections.join('\n'),
  ].join('\n')
}
