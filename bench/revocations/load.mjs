/**
 * The memory and the time of a long list, from a store that has it at hand. Needs `--expose-gc`. With `port` in its input, the
 * list is written to a Redis server and read from there, which takes two minutes:
 *
 *     node --expose-gc bench/revocations/load.mjs '{"entries":1000000,"port":6379}'
 */
import { setImmediate } from 'node:timers/promises'
import { printOutput, readInput } from '../measure/child.mjs'
import { importLibrary } from '../measure/library.mjs'
import { memoryInUse } from '../memory/memory-in-use.mjs'
import { toPages } from './list.mjs'

const ISSUER = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_TestPool1'

const { entries, port } = readInput()
const { createRevocations, redisRevocationStore } = await importLibrary('stores')
const store = port === undefined ? createStore() : await createRedisStore()

const before = await memoryInUse()
const revocations = createRevocations({ store, whenStale: 'refuse', max: entries })
const cpu = process.cpuUsage()
const started = performance.now()
await revocations.hydrate()
const seconds = (performance.now() - started) / 1e3
const { user } = process.cpuUsage(cpu)
const bytes = ((await memoryInUse()) - before) / entries
printOutput({ seconds, cpuSeconds: user / 1e6, bytes })
revocations.close()
process.exit()

/** It hands over texts as a client of a server does, and keeps none. */
function createStore() {
  const read = async (_cursor, onRecords) => {
    for (const page of toPages(entries, ISSUER)) {
      onRecords(page.map(({ text }) => text))
      await setImmediate()
    }
    return { cursor: 1, isReset: false }
  }
  return { read, append: async () => undefined }
}

async function createRedisStore() {
  // installed by `npm --prefix test/stores-servers ci`
  const { Redis } = await import('../../test/stores-servers/node_modules/ioredis/built/index.js')
  const store = redisRevocationStore(new Redis(port))
  for (const page of toPages(entries, ISSUER)) await store.append(page)
  return store
}
