/**
 * Ends every run with a line that says how many tests were skipped, and why.
 */
import type { TestModule } from 'vitest/node'

export default class SkipReporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = new Map<string, number>()
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        const { note = 'no reason given' } = test.result() as { note?: string }
        counts.set(note, (counts.get(note) ?? 0) + 1)
      }
    }
    const reasons = [...counts].map(([note, count]) => `${count} because ${note}`)
    const line = `Skipped: ${reasons.length > 0 ? reasons.join('; ') : 'nothing'}`
    // after the summary of the coverage
    process.once('exit', () => console.log(line))
  }
}
