/**
 * How many entries a second several processes can write, and another one follow, and what CPU time an entry costs each of them: on a
 * machine that does other work meanwhile, only the latter says something.
 */
import { createTestIssuer } from '../../../dist/testing/index.js'
import { startWorker, startWorkers } from './workers.mjs'

const REFRESH_MS = 200
const WRITERS = 2
/** The calls of `revoke` that a process has in flight. */
const PARALLEL = 500

const { issuer, jwks } = await createTestIssuer({ algorithms: ['ES256'] })
const trusted = { issuer, audience: null, jwks: { keys: jwks.keys } }
const until = Math.floor(Date.now() / 1_000) + 36_000

/**
 * @param kind - the kind of store, on `port`
 * @param entries - how many are written, by two processes
 * @returns the times in ms after which all were written, and all were in force in the process that follows; and the CPU time in µs
 */
export async function measureRate(kind, port, entries) {
  const writers = await startWorkers(WRITERS, kind, port, REFRESH_MS)
  const follower = await startWorker(kind, port, REFRESH_MS)
  await follower.call('trust', trusted)
  const processes = [...writers, follower]
  const before = await listCpu(processes)
  const count = entries / WRITERS
  const names = writers.map((_, at) => `${kind}-rate-${at}`)
  const startedAt = Date.now()
  const following = follower.call('followMany', { issuer, names, count, until })
  const written = await Promise.all(
    writers.map(({ call }, at) =>
      call('revokeMany', { issuer, name: names[at], count, until, parallel: PARALLEL }),
    ),
  )
  const followedMs = (await following) - startedAt
  const cpu = (await listCpu(processes)).map((micros, at) => micros - before[at])
  await Promise.all(processes.map(({ kill }) => kill()))
  const [followerCpu] = cpu.splice(-1)
  const writerCpu = cpu.reduce((sum, one) => sum + one, 0)
  return {
    entries,
    writtenMs: Math.max(...written) - startedAt,
    followedMs,
    writerCpu,
    followerCpu,
  }
}

async function listCpu(processes) {
  const usages = await Promise.all(processes.map(({ call }) => call('cpu')))
  return usages.map(({ user, system }) => user + system)
}

/** The figures of a run, as text. */
export function describeRate({ entries, writtenMs, followedMs, writerCpu, followerCpu }) {
  const rate = (ms) => Math.round((entries / ms) * 1_000)
  const each = (micros) => Math.round(micros / entries)
  return `${entries} entries: ${rate(writtenMs)} a second written, ${rate(followedMs)} a second in force elsewhere; CPU time of an entry: ${each(writerCpu)} µs to write, ${each(followerCpu)} µs to follow`
}
