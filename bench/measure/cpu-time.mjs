/**
 * The CPU time of the main thread of this process: what a token costs everything else that waits for the event loop. Work in the
 * thread pool and in the garbage collector's helper threads is not included.
 */
import { readFileSync } from 'node:fs'

const SCHEDSTAT = `/proc/self/task/${process.pid}/schedstat`
const read = isReadable() ? readSchedstat : readEventLoop

/** In microseconds, from an arbitrary start. */
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

/** Elsewhere: the time in which the event loop was not idle, whether it was on a CPU or waiting for one. */
function readEventLoop() {
  const { active } = performance.eventLoopUtilization()
  // zero until the event loop has turned once
  return (active || performance.now()) * 1e3
}
