/**
 * What a cached token costs: the memory in use after so many distinct tokens, in a cache that holds them all.
 * The tokens are read out of one buffer, one at a time, and nothing here keeps one. Needs `--expose-gc`.
 */
import { printOutput, readInput } from '../measure/child.mjs'
import { readSetup, readTokenBytes, walkTokens } from '../measure/fixtures.mjs'
import { CACHES } from './caches.mjs'
import { memoryInUse } from './memory-in-use.mjs'

const WARM_UP = 500

const { folder, name, max } = readInput()
const setup = readSetup(folder, 'RS256')
const bytes = readTokenBytes(folder, 'RS256')
await fill(WARM_UP)

const before = await memoryInUse()
const { count, verify } = await fill(max)
const after = await memoryInUse()
// the cache is in use to the end
await verify(walkTokens(bytes).next().value)
printOutput({ bytesPerToken: (after - before) / count })

/** Every token twice: jwt-gate keeps one from its second time on. */
async function fill(max) {
  const verify = await CACHES[name].create(setup, max)
  for (const token of walkTokens(bytes, max)) await verify(token)
  let count = 0
  for (const token of walkTokens(bytes, max)) {
    await verify(token)
    count++
  }
  return { count, verify }
}
