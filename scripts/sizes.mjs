/**
 * Compares docs/sizes.md with what esbuild makes of the source now. Fails if a bundle has outgrown its ceiling, if a figure of the
 * page is off by more than 2 %, or if the rows are not those of the entry points. With `--update`, writes the figures, and a ceiling
 * for each new row; with `--ceilings`, all ceilings anew. With `--peers`, writes the table of the other libraries, as
 * `npm --prefix test/comparison ci` installs them.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { measure } from './sizes/measure.mjs'
import { readTable, replaceTable, toCell, toNumber } from './sizes/table.mjs'
import { listUses, PEER_USES, SLIM, toCode, toTitle } from './sizes/uses.mjs'
import { LRU_CACHE, leaveOut } from './slim.mjs'

const ROOT = resolve(import.meta.dirname, '..')
const PEERS = join(ROOT, 'test/comparison')
const TOLERANCE = 0.02
const UPDATE = 'Run npm run sizes -- --update'
const flag = { type: 'boolean', default: false }
const { values, positionals } = parseArgs({
  options: { update: flag, ceilings: flag, peers: flag },
  allowPositionals: true,
})
const [document = join(ROOT, 'docs/sizes.md')] = positionals
const page = readFileSync(document, 'utf8')

if (values.peers) await updatePeers()
else if (values.update || values.ceilings) await update()
else await check()

/** The source of each entry point, by the name that users import. esbuild makes the same of it as of `dist`. */
function readEntries() {
  const { name, exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const entries = Object.entries(exports).filter(([, target]) => typeof target === 'object')
  return new Map(
    entries.map(([path, target]) => [`${name}${path.slice(1)}`, toSource(target.import.default)]),
  )
}

function toSource(built) {
  return join(ROOT, built.replace('./dist/', 'src/').replace(/\.js$/, '.ts'))
}

async function measureOwn() {
  const entries = readEntries()
  const measured = []
  for (const use of listUses([...entries.keys()])) {
    const settings = SLIM in use ? { plugins: [leaveOut()], alias: LRU_CACHE } : {}
    const sizes = await measure(toCode(use), ROOT, entries, settings)
    measured.push({ title: toTitle(use), ...sizes })
  }
  return measured
}

async function update() {
  const before = readTable(page, 'bundle')
  const rows = (await measureOwn()).map(({ title, minified, gzipped }) => {
    const ceiling = values.ceilings ? undefined : before.get(title)?.[2]
    return [title, toCell(minified), toCell(gzipped), ceiling ?? toCell(toCeiling(gzipped))]
  })
  writeFileSync(document, replaceTable(page, 'bundle', rows))
}

/** One twentieth above, in steps of half a kilobyte. */
function toCeiling(gzipped) {
  return Math.ceil((gzipped * 1.05) / 500) * 500
}

async function check() {
  const documented = readTable(page, 'bundle')
  const measured = await measureOwn()
  const titles = new Set(measured.map(({ title }) => title))
  const stale = [...documented.keys()].filter((title) => !titles.has(title))
  const faults = [
    ...measured.flatMap((one) => listFaults(one, documented.get(one.title))),
    ...stale.map((title) => `${title}: a row of nothing. ${UPDATE}`),
  ]
  for (const fault of faults) console.error(fault)
  if (faults.length === 0) console.log(`All ${measured.length} bundles are as docs/sizes.md says`)
  else process.exitCode = 1
}

function listFaults({ title, minified, gzipped }, cells) {
  if (cells === undefined) return [`${title}: no row. ${UPDATE}`]
  const [saysMinified, saysGzipped, ceiling] = cells.map(toNumber)
  if (!(gzipped <= ceiling))
    return [`${title}: ${gzipped} bytes gzipped, over its ceiling of ${ceiling}`]
  if (isNear(saysMinified, minified) && isNear(saysGzipped, gzipped)) return []
  return [`${title}: ${minified} and ${gzipped} bytes now. ${UPDATE}`]
}

function isNear(documented, measured) {
  return Math.abs(documented - measured) <= measured * TOLERANCE
}

async function updatePeers() {
  const rows = []
  for (const use of PEER_USES) {
    const { minified, gzipped } = await measure(toCode(use), PEERS)
    const versions = Object.keys(use).map(readVersion)
    rows.push([toTitle(use), versions.join(', '), toCell(minified), toCell(gzipped)])
  }
  writeFileSync(document, replaceTable(page, 'other library', rows))
}

function readVersion(name) {
  const file = join(PEERS, 'node_modules', name, 'package.json')
  return JSON.parse(readFileSync(file, 'utf8')).version
}
