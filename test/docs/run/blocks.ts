/**
 * Runs the code blocks of a guide: each block with a name in the comment above it is a module.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { blocksOf, read } from '../markdown.ts'

const EFFECTS = fileURLToPath(new URL('effects.ts', import.meta.url))

/** The blocks of a page, by their names. */
export interface Guide {
  /** The names of all TypeScript blocks. */
  readonly names: readonly string[]
  /** Imports a block, with the effects that are set at that moment. */
  load<Module>(name: string): Promise<Module>
  /** Deletes the files. */
  close(): void
}

/** @param isWhole - whether all blocks must have names; otherwise, those without one are not run */
export function openGuide(document: string, isWhole = true): Guide {
  const all = blocksOf(read(document), 'ts')
  const nameless = all.find(({ comment }) => comment === undefined)
  const blocks = all.filter(({ comment }) => comment !== undefined)
  if (nameless && isWhole) throw new Error(`a block of ${document} has no name: ${nameless.text}`)
  const names = blocks.map(({ comment }) => comment as string)
  const page = document.replace(/^.*\/|\.md$/g, '')
  // inside the project, so that its packages can be resolved
  const folder = fileURLToPath(new URL(`.blocks/${page}/`, import.meta.url))
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const { comment, text } of blocks) {
    writeFileSync(`${folder}${comment}.ts`, text.replaceAll("from 'jwt-gate'", `from '${EFFECTS}'`))
  }
  return {
    names,
    load: (name) => import(`${folder}${name}.ts`),
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}
