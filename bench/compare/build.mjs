/**
 * Builds the library of another commit in a temporary folder, as a work tree of this repository.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')
const LOCKFILE = 'package-lock.json'

/** Returns its `dist`, the short name of the commit, and a function that removes the folder. */
export function buildCommit(commit) {
  const name = run(ROOT, 'git', 'rev-parse', '--short', '--verify', `${commit}^{commit}`).trim()
  const folder = join(mkdtempSync(join(tmpdir(), 'jwt-gate-compare-')), name)
  run(ROOT, 'git', 'worktree', 'add', '--detach', folder, name)
  const remove = () => {
    run(ROOT, 'git', 'worktree', 'remove', '--force', folder)
    rmSync(resolve(folder, '..'), { recursive: true, force: true })
  }
  try {
    install(folder)
    run(folder, process.execPath, 'scripts/build.mjs')
  } catch (error) {
    remove()
    throw error
  }
  return { dist: join(folder, 'dist'), name, remove }
}

/** With the same lockfile, the packages of this work tree are the right ones. */
function install(folder) {
  const [here, there] = [ROOT, folder].map((one) => readFileSync(join(one, LOCKFILE), 'utf8'))
  if (here === there) symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  else run(folder, 'npm', 'ci', '--no-audit', '--no-fund')
}

function run(cwd, command, ...args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status === 0) return stdout
  throw new Error(`${[command, ...args].join(' ')} failed:\n${stdout}${stderr}`)
}
