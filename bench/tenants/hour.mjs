/**
 * An hour of simulated time with the default limits: of 10,000 tenants with keys of their own, 1,000 send a token every minute, and
 * all others three tokens at once, at some time in the hour. Returns the memory in use after each ten minutes, and how often keys of
 * each tenant were fetched. Needs `--expose-gc`.
 */
import { readFileSync } from 'node:fs'
import { printOutput, readInput } from '../measure/child.mjs'
import { walkTokens } from '../measure/fixtures.mjs'
import { memoryInUse } from '../memory/memory-in-use.mjs'
import { VERIFIERS } from './verifiers.mjs'

const MINUTES = 60
const TOKENS_AT_ONCE = 3

const { file, origin, active } = readInput()
const bytes = readFileSync(file)
const tokens = [...walkTokens(bytes)]
let now = Date.now()
const verifier = VERIFIERS.own(origin, undefined, { now: () => now })
const memory = []
for (let minute = 0; minute < MINUTES; minute++) {
  if (minute % 10 === 0) memory.push(await memoryInUse())
  await runMinute(minute)
}
memory.push(await memoryInUse())
printOutput({ memory })

/** Active tenants, and in between the others whose time has come, in ten steps. */
async function runMinute(minute) {
  const others = tokens.slice(active).filter((_, at) => at % MINUTES === minute)
  for (let step = 0; step < 10; step++) {
    await verifyAll(tokens.slice(0, active), step)
    for (let times = 0; times < TOKENS_AT_ONCE; times++) await verifyAll(others, step)
    now += 6_000
  }
}

/** A tenth of these tokens. */
async function verifyAll(all, step) {
  const some = all.filter((_, at) => at % 10 === step)
  await Promise.all(some.map((token) => verifier.verify(token)))
}
