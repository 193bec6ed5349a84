/**
 * The memory in use after a garbage collection. Needs `--expose-gc`.
 */
import { setTimeout } from 'node:timers/promises'

/** In bytes: the heap, and the memory that it references. */
export async function memoryInUse() {
  // finalizers run between two collections
  for (let times = 0; times < 3; times++) {
    globalThis.gc()
    await setTimeout(20)
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
