/**
 * Packs the package as npm would publish it, and installs it into users' folders.
 */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'

export const ROOT: string = resolve(import.meta.dirname, '../..')
const CONSUMER = join(import.meta.dirname, 'consumer')
const exec = promisify(execFile)
const NpmPack = z.tuple([
  z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }),
])

/** The package, as it would be published. */
export interface Packed {
  readonly tarball: string
  readonly files: readonly string[]
}

/** A folder for the output of a test file. */
export function makeWorkspace(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'jwt-gate-package-'))
}

/** Builds (npm runs `prepack`) and packs. */
export async function pack(workspace: string): Promise<Packed> {
  const args = ['pack', '--json', '--pack-destination', workspace]
  const { stdout } = await exec('npm', args, { cwd: ROOT })
  const [{ filename, files }] = NpmPack.parse(JSON.parse(stdout))
  return { tarball: join(workspace, filename), files: files.map(({ path }) => path).sort() }
}

/**
 * Creates a user's folder with the package, the named dependencies and no others, and the consumer scripts. Returns its path.
 */
export async function install(
  { tarball }: Packed,
  folder: string,
  dependencies: readonly string[],
): Promise<string> {
  const modules = join(folder, 'node_modules')
  await mkdir(join(modules, 'jwt-gate'), { recursive: true })
  await exec('tar', ['-xzf', tarball, '--strip-components=1', '-C', join(modules, 'jwt-gate')])
  for (const name of dependencies) {
    await mkdir(dirname(join(modules, name)), { recursive: true })
    await symlink(join(ROOT, 'node_modules', name), join(modules, name))
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n')
  await cp(CONSUMER, folder, { recursive: true })
  return folder
}

/** The entry points of `src`, as `exports` in package.json names them, with their folders. */
export async function listEntries(): Promise<ReadonlyMap<string, string>> {
  const files = await listSources()
  const folders = files.filter((file) => /^[^/]+\/index\.ts$/.test(file)).map(dirname)
  return new Map(folders.map((name) => [name === 'verify' ? '.' : `./${name}`, name]))
}

/**
 * The files of `src` that ship as a file of their own, relative to it. The standalone authorizer ships as a zip, and `slim` as one
 * file.
 */
export async function listSources(): Promise<readonly string[]> {
  const names = await readdir(join(ROOT, 'src'), { recursive: true })
  const inlined = ['standalone/', 'slim/without/']
  return names
    .filter((name) => name.endsWith('.ts') && !inlined.some((one) => name.startsWith(one)))
    .sort()
}

/** The result of a program. */
export interface Run {
  readonly status: number
  readonly output: string
}

/** Runs Node in a folder, without the environment that the test runner has set. */
export async function runNode(
  folder: string,
  args: readonly string[],
  nodeOptions = '',
): Promise<Run> {
  const env = { PATH: process.env['PATH'], NODE_OPTIONS: nodeOptions }
  try {
    const { stdout, stderr } = await exec(process.execPath, args, { cwd: folder, env })
    return { status: 0, output: stdout + stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { status: code, output: stdout + stderr }
  }
}
