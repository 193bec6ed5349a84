/**
 * One point of a curve in a separate process: the main-thread time of a call in microseconds. With calls in flight, other threads
 * work as well, so it is the time of all calls from the first to the last, divided by their number.
 */
import { printOutput, readInput } from '../measure/child.mjs'
import { mainThreadMicros } from '../measure/cpu-time.mjs'
import { CURVES } from './curves.mjs'

const { name, x, folder, calls } = readInput()
const { create, inFlight = false } = CURVES[name]
const { run, warmUp } = await create(x, { folder })
const callers = inFlight ? x : 1
await callInTurns(warmUp)
const clock = inFlight ? wallMicros : mainThreadMicros
const started = clock()
await callInTurns(calls)
printOutput({ micros: (clock() - started) / calls })
process.exit()

function wallMicros() {
  return performance.now() * 1e3
}

async function callInTurns(count) {
  let left = count
  const call = async () => {
    while (left-- > 0) await run()
  }
  await Promise.all(Array.from({ length: callers }, call))
}
