/**
 * `npm run test:load`: a minute (or JWT_GATE_LOAD_SECONDS) of good, expired, forged and missing tokens at full speed, with a key
 * rotation and an outage of the issuer in the middle. Exits with 1 if a response was wrong or missing, or if the server's memory
 * grew.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createTestIssuer } from 'jwt-gate/testing'
import { OUTAGE_END_MS, OUTAGE_MS, ROTATION_MS, type Sample, SECONDS } from './phases.ts'
import { sendAll, type Tally } from './traffic.ts'

const TOKENS = 400
const MAX_GROWTH_BYTES = 8 * 1_048_576

interface Weight {
  readonly requests: number
  readonly heapUsed: number
  readonly rss: number
}

const issuer = await createTestIssuer()
await issuer.listen()
const samples = await mint('old')
const server = fork(fileURLToPath(new URL('server.ts', import.meta.url)), {
  execArgv: ['--expose-gc', '--import', 'tsx'],
  env: {
    ...process.env,
    USER_POOL_ID: issuer.userPoolId,
    CLIENT_ID: issuer.clientId,
    ISSUER: issuer.issuer,
  },
})
server.once('exit', (code) => code && process.exit(1))
const [{ address }] = await once(server, 'message')
const weights: Weight[] = []
const [tally] = await Promise.all([sendAll(address.port, () => samples), happen(), weigh()])
weights.push(await askWeight())
await issuer.close()
const failures = report(tally)
server.disconnect()
process.exitCode = failures.length === 0 ? 0 : 1

/** The rotation and the outage. */
async function happen(): Promise<void> {
  await sleep(ROTATION_MS)
  await issuer.rotateKeys()
  samples.push(...(await mint('new')))
  await sleep(OUTAGE_MS - ROTATION_MS)
  issuer.fail('down')
  await sleep(OUTAGE_END_MS - OUTAGE_MS)
  issuer.fail(null)
}

/** Once a second, after the warm-up. */
async function weigh(): Promise<void> {
  await sleep(SECONDS * 200)
  while (weights.length < SECONDS * 0.75) {
    weights.push(await askWeight())
    await sleep(1_000)
  }
}

async function askWeight(): Promise<Weight> {
  server.send('weigh')
  return (await once(server, 'message'))[0]
}

async function mint(age: Sample['age']): Promise<Sample[]> {
  const all: Sample[] = []
  const now = Math.floor(Date.now() / 1_000)
  for (let n = 0; n < TOKENS; n++) {
    const good = await issuer.accessToken({ sub: `user ${n}` })
    const expired = await issuer.accessToken({ sub: `user ${n}`, exp: now - 60 })
    const [header, payload] = good.split('.')
    const forged = `${header}.${payload}.${expired.split('.')[2]}`
    all.push({ kind: 'good', age, token: good }, { kind: 'good', age, token: good })
    all.push({ kind: 'expired', age, token: expired }, { kind: 'forged', age, token: forged })
    all.push({ kind: 'missing', age, token: undefined })
    if (n % 4 > 0) continue
    const token = await issuer.token({ iss: issuer.issuer }, { header: { kid: `no key ${n}` } })
    all.push({ kind: 'made-up kid', age, token })
  }
  return all
}

function report({ sent, answered, counts, latenciesMs, failures }: Tally): string[] {
  const [first, last] = [weights[0] as Weight, weights.at(-1) as Weight]
  const heaps = weights.map(({ heapUsed }) => heapUsed / 1_048_576)
  const sorted = latenciesMs.sort((a, b) => a - b)
  const quantile = (q: number): string => `${sorted[Math.floor(sorted.length * q)]?.toFixed(1)} ms`
  const problems = [...failures]
  if (last.requests !== sent) problems.push(`${sent} were sent, ${last.requests} arrived`)
  if (last.heapUsed - first.heapUsed > MAX_GROWTH_BYTES) problems.push('the heap grew')
  console.log(`${sent} sent, ${answered} answered, ${Math.round(answered / SECONDS)} a second`)
  console.log(`half within ${quantile(0.5)}, 99 % within ${quantile(0.99)}`)
  console.log(`heap in MB, after collection: ${heaps.map((mb) => mb.toFixed(1)).join(' ')}`)
  for (const [name, count] of [...counts].sort())
    console.log(`${String(count).padStart(8)} ${name}`)
  console.log(`the issuer was asked ${issuer.requests} times`)
  for (const problem of problems.slice(0, 20)) console.log(`FAILED ${problem}`)
  console.log(problems.length === 0 ? 'Every answer was right.' : `${problems.length} failures.`)
  return problems
}
