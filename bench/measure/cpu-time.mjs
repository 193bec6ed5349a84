/**
 * How long the main thread of this process was on a CPU: what a token costs everybody who waits for the event loop. Work
 * in the thread pool and the collector's helper threads are not in it.
 */
import { readFileSync } from 'node:fs'

const SCHEDSTAT = `/proc/self/task/${process.pid}/schedstat`
const read = isReadable() ? readSchedstat : readEventLoop

/** In microseconds, from some beginning. */
export function mainThreadMicros() {
  return read()
}

function isReadable() {
  try {
    return readSchedstat() > 0
  } catch {
    return false
  }
}

/** Linux: the first field is nanoseconds on the CPU. */
function readSchedstat() {
  return Number.parseInt(readFileSync(SCHEDSTAT, 'latin1'), 10) / 1e3
}

/** Elsewhere: the time in which the event loop was not idle, whether it was on a CPU or waited for one. */
function readEventLoop() {
  const { active } = performance.eventLoopUtilization()
  // zero until the loop has turned once
  return (active || performance.now()) * 1e3
}
