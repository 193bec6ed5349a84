/**
 * `npm run bench`: measures jwt-gate beside its peers, and writes RESULTS.md; on another Node than 20, RESULTS-node24.md.
 *
 *     node bench/run.mjs [--quick] [--only <part>] [--write]
 *     node bench/run.mjs --compare <commit> [--quick]      this build beside that of another commit
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { measureAuthorizer } from './authorizer/index.mjs'
import { measureCold } from './cold/index.mjs'
import { compareWith } from './compare/index.mjs'
import { measureDpop } from './dpop/index.mjs'
import { measureExpress } from './express/index.mjs'
import { measureFlood } from './flood/index.mjs'
import { measureGrowth } from './growth/index.mjs'
import { measureKeys } from './keys/index.mjs'
import { createFixtures } from './measure/fixtures.mjs'
import { describeMachine } from './measure/machine.mjs'
import { toBarTable } from './measure/markdown.mjs'
import { measureMemory } from './memory/index.mjs'
import { updatePicture } from './picture/update.mjs'
import { measureRevocations } from './revocations/index.mjs'
import { COMPARED, COMPARED_QUICKLY, FULL, QUICK } from './settings.mjs'
import { measureTenants } from './tenants/index.mjs'
import { measureTokens } from './tokens/index.mjs'

const PARTS = {
  tokens: { title: 'Tokens', measure: measureTokens },
  authorizer: { title: 'Authorizer', measure: measureAuthorizer },
  express: { title: 'Express 5, 50 connections', measure: measureExpress },
  dpop: { title: 'DPoP behind Express 5, 50 connections', measure: measureDpop },
  keys: { title: 'Keys', measure: measureKeys },
  flood: { title: 'A flood of forged tokens', measure: measureFlood },
  memory: { title: 'Memory', measure: measureMemory },
  revocations: { title: 'A list of revoked tokens', measure: measureRevocations },
  growth: { title: 'What grows', measure: measureGrowth },
  tenants: { title: 'Tenants', measure: measureTenants },
  cold: { title: 'Cold start of a bundled authorizer', measure: measureCold },
}
/** The oldest version of Node that the library supports. The picture and the documentation show its figures. */
const SHOWN = '20'
const [NODE] = process.versions.node.split('.')

const { quick, only, write, compare } = readArguments()
const { tokens, parts } = quick ? QUICK : FULL
const started = performance.now()
const fixtures = await createFixtures(compare ? { RS256: tokens.RS256 } : tokens)
log('tokens minted')
try {
  process.stdout.write(compare ? await toComparison() : await measure())
} finally {
  fixtures.remove()
}

function toComparison() {
  const settings = quick ? COMPARED_QUICKLY : COMPARED
  return compareWith(compare, { folder: fixtures.folder, settings, log })
}

async function measure() {
  const measured = []
  const pictures = {}
  for (const name of only ? [only] : Object.keys(PARTS)) {
    const { title, measure } = PARTS[name]
    const { folder } = fixtures
    const { text, bars, picture } = await measure({ folder, settings: parts[name], log })
    measured.push({ title, text, bars })
    if (picture) pictures[name] = picture
  }
  const report = toReport(measured)
  if (write) {
    const file = NODE === SHOWN ? 'RESULTS.md' : `RESULTS-node${NODE}.md`
    writeFileSync(new URL(file, import.meta.url), report)
    if (NODE === SHOWN) updatePicture(pictures)
  }
  return report
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      write: { type: 'boolean' },
      compare: { type: 'string' },
    },
  })
  const { quick, only, compare } = values
  if (only !== undefined && !Object.hasOwn(PARTS, only)) {
    throw new Error(`--only takes one of ${Object.keys(PARTS).join(', ')}`)
  }
  return { quick, only, compare, write: values.write ?? !(quick || only) }
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
