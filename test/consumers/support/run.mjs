/**
 * Programs that the projects of users run.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const exec = promisify(execFile)
/** What takes longer hangs, even on a busy machine. */
const TIMEOUT_MS = 300_000
const MAX_BYTES = 64 * 1024 * 1024

/** What npm and the test runner set for this process, and a user's shell does not. */
const SET_BY_RUNNERS = /^(npm_(?!config_registry$)|NODE_OPTIONS$|NODE_TEST_CONTEXT$)/

/** Runs a program as from a user's shell. Rejects with its output if it fails. @returns its output */
export async function run(program, args, cwd, env = {}) {
  const own = Object.entries(process.env).filter(([name]) => !SET_BY_RUNNERS.test(name))
  const options = {
    cwd,
    env: { ...Object.fromEntries(own), NO_COLOR: '1', ...env },
    maxBuffer: MAX_BYTES,
    timeout: TIMEOUT_MS,
  }
  try {
    const { stdout, stderr } = await exec(program, args, options)
    return stdout + stderr
  } catch ({ message, stdout, stderr }) {
    throw new Error(`${message}\n${stdout}${stderr}`)
  }
}

/** Runs npm. @returns what it prints on the output stream, without its warnings */
export async function runNpm(args, cwd) {
  return run('npm', ['--no-audit', '--no-fund', '--loglevel=error', ...args], cwd)
}
