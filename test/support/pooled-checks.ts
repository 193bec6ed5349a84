/**
 * Counts the signature checks in libuv's thread pool, by the resources of Node that stand for them.
 */
import { createHook } from 'node:async_hooks'
import { onTestFinished } from 'vitest'

export interface PooledChecks {
  /** How many are in the pool. */
  readonly running: () => number
  /** How many have ended. */
  readonly ended: () => number
  /** The maximum that was in the pool at once. */
  readonly most: () => number
}

/**
 * Counts from now on until the test ends. Meanwhile, no token may be created, because it is signed in the pool, and `running` and
 * `most` mean something only as long as no token is verified on the calling thread, which begins in the same way.
 */
export function countPooledChecks(): PooledChecks {
  const running = new Set<number>()
  let ended = 0
  let most = 0
  const hook = createHook({
    init(id, type) {
      if (type !== 'SIGNREQUEST') return
      running.add(id)
      most = Math.max(most, running.size)
    },
    // only those in the pool call back
    before(id) {
      if (running.delete(id)) ended++
    },
  })
  hook.enable()
  onTestFinished(() => void hook.disable())
  return { running: () => running.size, ended: () => ended, most: () => most }
}
