/**
 * The memory of a tenant: what is in use after one token of each was verified. The tokens are read from one buffer, one at a time,
 * and nothing here keeps one. Needs `--expose-gc`.
 */
import { readFileSync } from 'node:fs'
import { printOutput, readInput } from '../measure/child.mjs'
import { walkTokens } from '../measure/fixtures.mjs'
import { memoryInUse } from '../memory/memory-in-use.mjs'
import { VERIFIERS } from './verifiers.mjs'

const { file, shape, count, origin } = readInput()
const bytes = readFileSync(file)
// stays in use, so that the process has room for what is dropped at once
const first = await fill()

const before = await read()
const second = await fill()
const after = await read()
for (const verifier of [first, second]) await verifier.verify(walkTokens(bytes).next().value)
printOutput({
  heap: (after.heap - before.heap) / count,
  resident: (after.resident - before.resident) / count,
})

async function fill() {
  const verifier = VERIFIERS[shape](origin, count, { tokenCache: false })
  for (const token of walkTokens(bytes, count)) await verifier.verify(token)
  return verifier
}

/** The resident memory includes what OpenSSL takes for keys. */
async function read() {
  const heap = await memoryInUse()
  return { heap, resident: process.memoryUsage.rss() }
}
