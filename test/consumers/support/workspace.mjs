/**
 * Packs the package as npm would publish it, and puts it into projects of users, outside of this repository: inside, they would find
 * what is installed for its development.
 */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { runNpm } from './run.mjs'

const HERE = resolve(import.meta.dirname, '..')
const ROOT = resolve(HERE, '../..')
const TOOLS = join(HERE, 'node_modules')

export const WORKSPACE = mkdtempSync(join(tmpdir(), 'jwt-gate-consumers-'))
process.on('exit', () => rmSync(WORKSPACE, { recursive: true, force: true }))

/** The tarball, which npm has built. `JWT_GATE_TARBALL` is the path of another one. */
export const tarball = process.env['JWT_GATE_TARBALL'] ?? (await pack())
const installed = await installTarball()
/** The package as it was installed. */
export const manifest = JSON.parse(readFileSync(join(installed, 'jwt-gate/package.json'), 'utf8'))

async function pack() {
  const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  await runNpm(['pack', '--pack-destination', WORKSPACE], ROOT)
  return join(WORKSPACE, `${name}-${version}.tgz`)
}

async function installTarball() {
  const folder = join(WORKSPACE, 'installed')
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  await runNpm(['install', '--prefer-offline', tarball], folder)
  return join(folder, 'node_modules')
}

/** The path of a file of a tool of `test/consumers/package.json`. */
export function pathOf(tool) {
  return join(TOOLS, tool)
}

/**
 * Creates a project with the files of `projects/<source>`, the package, its dependencies, and these tools. A tool can have another name
 * in the project: `{ 'as/it/is/imported': 'as it is installed' }`.
 */
export function createProject(name, source, tools = [], renamed = {}) {
  const folder = join(WORKSPACE, name)
  const modules = join(folder, 'node_modules')
  cpSync(join(HERE, 'projects', source), folder, { recursive: true })
  cpSync(installed, modules, { recursive: true })
  const links = [...tools.map((tool) => [tool, tool]), ...Object.entries(renamed)]
  for (const [path, tool] of links) {
    mkdirSync(dirname(join(modules, path)), { recursive: true })
    symlinkSync(pathOf(tool), join(modules, path))
  }
  return folder
}

/** Changes the package of a project, to see that a fault of it is detected. */
export function changeManifest(project, change) {
  const path = join(project, 'node_modules/jwt-gate/package.json')
  const text = readFileSync(path, 'utf8')
  const changed = change(text)
  if (changed === text) throw new Error('Nothing was changed')
  writeFileSync(path, changed)
}
