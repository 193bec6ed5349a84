/**
 * Runs an external program in a separate process, without the environment of this one.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'

const END_WITH_PARENT = import.meta.resolve('./end-with-parent.mjs')

/**
 * Starts a program, and waits until it has printed a text.
 * @returns a function that stops it
 */
export async function startProgram(file, { args = [], cwd, env, printed, seconds = 60 }) {
  const child = fork(file, args, {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, ...env },
    execArgv: ['--import', END_WITH_PARENT],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const exited = once(child, 'exit')
  const stop = async () => {
    child.kill('SIGKILL')
    await exited
  }
  try {
    await waitFor(child, printed, seconds)
  } catch (error) {
    await stop()
    throw error
  }
  return stop
}

function waitFor(child, printed, seconds) {
  let output = ''
  return new Promise((resolve, reject) => {
    const fail = (what) => reject(new Error(`${child.spawnargs[3]} ${what}:\n${output}`))
    const timer = setTimeout(() => fail(`did not print "${printed}"`), seconds * 1_000)
    const take = (chunk) => {
      output += chunk
      if (!output.includes(printed)) return
      clearTimeout(timer)
      resolve()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('exit', () => fail('ended'))
  })
}
