/** The order of test files that finds a mutant soonest: what found the one before, then the quickest. */
import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

export class LikeliestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = new Map(files.map((file) => [file, this.#rankOf(file)]))
    return files.toSorted((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0))
  }

  #rankOf({ moduleId, project }: TestSpecification): number {
    const name = `${project.name}:${relative(project.config.root, moduleId)}`
    const { failed = false, duration = 0 } = this.ctx.cache.getFileTestResults(name) ?? {}
    return failed ? -1 : duration
  }
}
