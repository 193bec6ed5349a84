/**
 * The cost of a cached token: the memory in use after this many distinct tokens, with a cache that holds them all. The tokens are
 * read from one buffer, one at a time, and nothing here keeps one. Needs `--expose-gc`.
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
// keeps the cache in use until the end
await verify(walkTokens(bytes).next().value)
printOutput({ bytesPerToken: (after - before) / count })

/** Every token twice, because jwt-gate caches a token when it is verified for the second time. */
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
