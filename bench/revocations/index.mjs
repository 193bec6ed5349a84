/**
 * What a list of revoked tokens costs: a cached token with and without one, in turns; and the memory and the time of a million
 * entries. It is a script of its own, and needs nothing but the build:
 *
 *     npm run build && node --expose-gc bench/revocations/index.mjs
 *
 * With a port of a Redis server as argument, the million is loaded from there, by the client of `test/stores-servers`.
 */
import { importLibrary } from '../measure/library.mjs'
import { memoryInUse } from '../memory/memory-in-use.mjs'

const { createVerifier } = await importLibrary('verify')
const { createRevocations, memoryRevocationStore, redisRevocationStore } =
  await importLibrary('stores')
const { createTestIssuer } = await importLibrary('testing')

const LISTED = 100_000
const MILLION = 1_000_000
const ROUNDS = 61
const CALLS = 20_000
const MEMBERS = ['jti', 'origin_jti', 'sid', 'sub']

const issuer = await createTestIssuer({ algorithms: ['ES256'] })
const iss = issuer.issuer
const until = Math.floor(Date.now() / 1_000) + 7_200
const token = await issuer.accessToken()
const uuid = (at) => `${at.toString(16).padStart(8, '0')}-1111-4111-8111-111111111111`
const toText = (at, member) =>
  JSON.stringify(['+', uuid(at).slice(0, 16), iss, member, uuid(at), until, null])
const toRecord = (at, member) => ({ text: toText(at, member), expiresAt: until + 900 })

await measureLookups()
await measureMillion()

async function measureLookups() {
  const store = memoryRevocationStore()
  const records = Array.from({ length: LISTED }, (_, at) => toRecord(at, MEMBERS[at % 4]))
  await store.append(records)
  const revocations = createRevocations({
    store,
    whenStale: 'refuse',
    refreshMs: 3_600_000,
    maxStaleMs: 3_600_000,
  })
  const trusted = { issuer: iss, audience: null, jwks: issuer.jwks }
  const verifiers = [createVerifier(trusted), createVerifier(trusted, { revocations })]
  for (const verifier of verifiers) await verifier.hydrate()
  const differences = []
  const plain = []
  for (let round = 0; round < ROUNDS; round++) {
    const order = round % 2 === 0 ? [0, 1] : [1, 0]
    const micros = []
    for (const at of order) micros[at] = time(verifiers[at])
    plain.push(micros[0])
    differences.push(micros[1] - micros[0])
  }
  // the first rounds warm up
  const rest = differences.slice(10)
  print(`a cached token: ${median(plain).toFixed(2)} µs`)
  print(
    `with ${LISTED} entries: ${median(rest).toFixed(3)} µs more (${Math.min(...rest).toFixed(3)} to ${Math.max(...rest).toFixed(3)})`,
  )
}

/** The time of a call in microseconds. Each call gets a new string, as HTTP delivers it. */
function time({ verifySync }) {
  const bytes = Buffer.from(token)
  const started = process.cpuUsage()
  for (let call = 0; call < CALLS; call++) verifySync(bytes.latin1Slice())
  const { user, system } = process.cpuUsage(started)
  return (user + system) / CALLS
}

async function measureMillion() {
  const { store, name } = await createStore()
  const before = await memoryInUse()
  const revocations = createRevocations({ store, whenStale: 'refuse', max: MILLION })
  const started = performance.now()
  const cpu = process.cpuUsage()
  await revocations.hydrate()
  const { user } = process.cpuUsage(cpu)
  const ms = performance.now() - started
  const bytes = ((await memoryInUse()) - before) / MILLION
  print(
    `a million entries from ${name}: ${(ms / 1_000).toFixed(1)} s (${(user / 1e6).toFixed(1)} s of CPU), ${bytes.toFixed(0)} bytes each`,
  )
  revocations.close()
  process.exit(0)
}

async function createStore() {
  const [, , port] = process.argv
  const pages = function* () {
    for (let from = 0; from < MILLION; from += 500) {
      yield Array.from({ length: 500 }, (_, at) => toRecord(from + at, MEMBERS[at % 4]))
    }
  }
  if (port === undefined) {
    const read = async (_cursor, onRecords) => {
      for (const page of pages()) {
        onRecords(page.map(({ text }) => text))
        await new Promise((resolve) => setImmediate(resolve))
      }
      return { cursor: 1, isReset: false }
    }
    return { store: { read, append: async () => undefined }, name: 'memory' }
  }
  const { Redis } = await import('../../test/stores-servers/node_modules/ioredis/built/index.js')
  const store = redisRevocationStore(new Redis(Number(port)))
  const started = performance.now()
  for (const page of pages()) await store.append(page)
  const seconds = (performance.now() - started) / 1_000
  print(`written to Redis: ${Math.round(MILLION / seconds)} entries a second`)
  return { store, name: 'Redis' }
}

function print(line) {
  process.stdout.write(`${line}\n`)
}

function median(values) {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)]
}
