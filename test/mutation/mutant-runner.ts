/** Speeds up each mutant: no test file is imported after the first failed test, and test files share generated keys. */
import { webcrypto } from 'node:crypto'
import { VitestTestRunner } from 'vitest/runners'

type File = Parameters<VitestTestRunner['onCollectStart']>[0]

export default class MutantRunner extends VitestTestRunner {
  readonly #reuse = reuseKeys(webcrypto.subtle)
  #hasFailed = false

  override cancel(...why: Parameters<VitestTestRunner['cancel']>): void {
    this.#hasFailed = true
    super.cancel(...why)
  }

  override onCollectStart(file: File): void {
    this.#reuse.startOver()
    super.onCollectStart(file)
  }

  override importFile(...file: Parameters<VitestTestRunner['importFile']>): unknown {
    return this.#hasFailed ? undefined : super.importFile(...file)
  }
}

/** The first key of a file is the first key of every other file, and so on: no file gets the same key twice. */
function reuseKeys(subtle: webcrypto.SubtleCrypto): { startOver(): void } {
  const made = new Map<string, Promise<unknown>>()
  const generateKey = subtle.generateKey.bind(subtle) as (...of: unknown[]) => Promise<unknown>
  let count = 0
  const reuse = (...of: unknown[]): Promise<unknown> => {
    const name = `${count++} ${JSON.stringify(of)}`
    const key = made.get(name) ?? generateKey(...of)
    made.set(name, key)
    return key
  }
  Object.assign(subtle, { generateKey: reuse })
  return {
    startOver() {
      count = 0
    },
  }
}
