/**
 * Runs the gates of `npm run check` over a tree of files, each with the repository's own settings, and returns the findings for
 * each file.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')
const BIN = join(ROOT, 'node_modules/.bin')
const SETTINGS = [
  'biome.json',
  'scripts/no-global-this.grit',
  'knip.json',
  'tsconfig.json',
  'package.json',
  '.gitignore',
]

/** The rules that each file violates, by the path of the file in its tree. */
export type Findings = ReadonlyMap<string, readonly string[]>

/** Merges these folders in a new folder, as if they were the repository. */
export function layOut(folders: readonly string[]): string {
  const tree = realpathSync(mkdtempSync(join(tmpdir(), 'jwt-gate-gates-')))
  for (const file of SETTINGS) cpSync(join(ROOT, file), join(tree, file))
  for (const folder of folders) cpSync(folder, tree, { recursive: true })
  return tree
}

/** The findings of Biome: the names of its rules, and `plugin` for our own. */
export function runBiome(tree: string): Findings {
  const output = run(tree, 'biome', ['lint', '--reporter=github', '--max-diagnostics=none', '.'])
  return collect(tree, output, /^::error title=(?<rule>[^,]+),file=(?<file>[^,]+),/gm)
}

/** The findings of tsc, such as `TS2322`. It runs in place, where the packages are. */
export function runTsc(folder: string): Findings {
  const output = run(folder, 'tsc', ['--project', '..', '--pretty', 'false'])
  return collect(folder, output, /^(?<file>[^\s(]+)\(.+?: error (?<rule>TS\d+):/gm)
}

/** The findings of knip: unused files. */
export function runKnip(tree: string): Findings {
  const output = run(tree, 'knip', ['--include', 'files', '--reporter', 'github-actions'])
  return collect(tree, output, /^::error file=(?<file>[^,]+),.*title=\S+ (?<rule>Knip) /gm)
}

/** The findings of the ladder: upward imports in the core. */
export function runLadder(tree: string): Findings {
  const script = join(ROOT, 'scripts/check-ladder.mjs')
  const { error, stdout } = spawnSync(process.execPath, [script], { cwd: tree, encoding: 'utf8' })
  if (error) throw error
  return collect(tree, stdout, /^(?<file>\S+): .*\((?<rule>ladder)\)$/gm)
}

function run(cwd: string, program: string, args: readonly string[]): string {
  const { error, stdout } = spawnSync(join(BIN, program), args, { cwd, encoding: 'utf8' })
  if (error) throw error
  return stdout
}

function collect(folder: string, output: string, pattern: RegExp): Findings {
  const findings = new Map<string, string[]>()
  for (const { groups } of output.matchAll(pattern)) {
    const file = relative(folder, resolve(folder, groups?.['file'] ?? ''))
    findings.set(file, [...(findings.get(file) ?? []), groups?.['rule'] ?? ''])
  }
  return findings
}
