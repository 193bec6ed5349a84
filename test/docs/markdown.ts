/**
 * The content of the documents, for tests that compare it with the code.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'

const ROOT = new URL('../../', import.meta.url)

/** The documents, by their paths from the root. */
export function listDocuments(): string[] {
  const folders = ['docs/', 'bench/'].filter((folder) => existsSync(new URL(folder, ROOT)))
  const inFolders = folders.flatMap((folder) =>
    readdirSync(new URL(folder, ROOT)).map((name) => folder + name),
  )
  return [...readdirSync(ROOT), ...inFolders].filter((path) => path.endsWith('.md'))
}

export function read(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8')
}

/** A fenced block, and the comment directly above it. */
export interface Block {
  readonly comment: string | undefined
  readonly text: string
}

export function blocksOf(markdown: string, language: string): Block[] {
  const blocks = markdown.matchAll(
    new RegExp(`(?:<!-- (.*) -->\\n)?^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'),
  )
  return [...blocks].map(([, comment, text = '']) => ({ comment, text }))
}

/** The rows of the table whose first header cell begins with this text. */
export function tableOf(markdown: string, header: string): string[][] {
  const lines = markdown.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${header}`))
  if (start < 0) throw new Error(`no table that begins with ${header}`)
  const end = lines.findIndex((line, at) => at > start && !line.startsWith('|'))
  return lines.slice(start + 2, end).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

/** The text between the back quotes of a cell. */
export function codeOf(cell: string | undefined): string {
  return cell?.match(/`([^`]+)`/)?.[1] ?? ''
}
