/**
 * Counts the work of a call: what time does not show on a busy machine. Nothing is replaced: the real functions are called.
 */
import { createHook } from 'node:async_hooks'
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { vi } from 'vitest'

/** The work of one call. */
export interface Work {
  /** SHA-256 digests. */
  readonly digests: number
  /** JSON documents that were parsed. */
  readonly decodings: number
  /** Values that were turned into JSON. */
  readonly encodings: number
  /** Looks at members of claims and other objects, for rules. */
  readonly reads: number
  /** Look-ups of the key. */
  readonly keys: number
  readonly signatures: number
  /** Keys that were imported. */
  readonly imports: number
  readonly fetches: number
  /** Promises that were made before the call returned, for what it returned or for anything else. */
  readonly promises: number
}

/**
 * @param kid - of the key whose look-ups count, if any
 * @param fetch - a spy, if keys are fetched
 */
export async function countWork(call: () => unknown, kid?: string, fetch = vi.fn()): Promise<Work> {
  const spies = {
    digests: vi.spyOn(crypto, 'hash'),
    decodings: vi.spyOn(JSON, 'parse'),
    encodings: vi.spyOn(JSON, 'stringify'),
    reads: vi.spyOn(Object, 'hasOwn'),
    signatures: vi.spyOn(crypto, 'verify'),
    imports: vi.spyOn(crypto, 'createPublicKey'),
    looks: vi.spyOn(Map.prototype, 'get'),
  }
  fetch.mockClear()
  // named imports of node:crypto see it only then
  syncBuiltinESMExports()
  try {
    const { promises, outcome } = countPromises(call)
    await outcome
    const { looks, ...others } = spies
    const counts = Object.entries(others).map(([name, { mock }]) => [name, mock.calls.length])
    const keys = looks.mock.calls.filter(([name]) => kid !== undefined && name === kid).length
    return { ...Object.fromEntries(counts), keys, fetches: fetch.mock.calls.length, promises }
  } finally {
    for (const spy of Object.values(spies)) spy.mockRestore()
    syncBuiltinESMExports()
  }
}

function countPromises(call: () => unknown): { promises: number; outcome: unknown } {
  let promises = 0
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'PROMISE') promises++
    },
  })
  hook.enable()
  try {
    const outcome = call()
    return { promises, outcome }
  } finally {
    hook.disable()
  }
}
