/**
 * `jwt-gate/stores`: what several processes have to know together, such as the ids of proofs that were used.
 */

export type { ReplayStore } from '../verify/index.ts'
export { type MemoryReplayStoreOptions, memoryReplayStore } from './replay/memory-replay-store.ts'
