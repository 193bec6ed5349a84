/**
 * Starts processes that run `worker.mjs`.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import process from 'node:process'

const WORKER = join(import.meta.dirname, 'worker.mjs')

/** @returns what calls an action in the process, and what ends it */
export async function startWorker(kind, port, refreshMs = 1_000, maxStaleMs = 60_000) {
  const env = { PATH: process.env.PATH, NODE_NO_WARNINGS: '1' }
  const child = fork(WORKER, [kind, port, refreshMs, maxStaleMs].map(String), { env })
  const calls = new Map()
  let last = 0
  child.on('message', ({ number, result, error }) => {
    const { resolve, reject } = calls.get(number) ?? {}
    calls.delete(number)
    if (error === undefined) resolve?.(result)
    else reject?.(new Error(error))
  })
  const exited = once(child, 'exit').then(() => {
    for (const { reject } of calls.values()) reject(new Error('the process has ended'))
  })
  const call = (action, argument) =>
    new Promise((resolve, reject) => {
      calls.set(++last, { resolve, reject })
      // of a process that has ended
      const onSent = (error) => error && reject(error)
      child.send({ number: last, action, argument }, onSent)
    })
  await once(child, 'message')
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  return { call, kill }
}

export async function startWorkers(count, ...setUp) {
  return Promise.all(Array.from({ length: count }, () => startWorker(...setUp)))
}
