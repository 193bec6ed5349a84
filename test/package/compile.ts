/**
 * Compiles a user's TypeScript against the package.
 */
import { join } from 'node:path'
import { ROOT, type Run, runNode } from './pack.ts'

const TSC = join(ROOT, 'node_modules/typescript/bin/tsc')
const OPTIONS = ['--strict', '--skipLibCheck', 'false', '--types', 'node', '--pretty', 'false']

/** The TypeScript settings of a user, without the list of files. */
export const RESOLUTIONS = {
  node16: ['--module', 'node16'],
  nodenext: ['--module', 'nodenext', '--exactOptionalPropertyTypes', '--lib', 'es2023'],
  bundler: ['--module', 'esnext', '--moduleResolution', 'bundler'],
} as const

/** Compiles one file in a user's folder. */
export function compile(
  folder: string,
  file: string,
  resolution: keyof typeof RESOLUTIONS,
): Promise<Run> {
  return runNode(folder, [TSC, file, '--target', 'es2022', ...OPTIONS, ...RESOLUTIONS[resolution]])
}

/** The lines of a file that tsc reports errors for. */
export function linesWithErrors({ output }: Run, file: string): readonly number[] {
  const lines = output
    .split('\n')
    .filter((line) => line.startsWith(`${file}(`))
    .map((line) => Number.parseInt(line.slice(file.length + 1), 10))
  return [...new Set(lines)].sort((a, b) => a - b)
}
