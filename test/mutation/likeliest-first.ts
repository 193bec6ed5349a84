/** The order of test files that finds a mutant soonest: first the file that found the last one, then the fastest ones. */
import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// a sequencer exists for one mutant
const longest = new Map<string, number>()

export class LikeliestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const ranks = new Map(files.map((file) => [file, this.#rankOf(file)]))
    return files.toSorted((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0))
  }

  #rankOf({ moduleId, project }: TestSpecification): number {
    const name = `${project.name}:${relative(project.config.root, moduleId)}`
    const { failed = false, duration = 0 } = this.ctx.cache.getFileTestResults(name) ?? {}
    longest.set(name, Math.max(duration, longest.get(name) ?? 0))
    // files that were not imported after the first failure have failed too, in no time
    return failed && duration > 0 ? -1 : (longest.get(name) ?? 0)
  }
}
