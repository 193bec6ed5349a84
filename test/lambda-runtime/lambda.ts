/**
 * A Lambda function in a process of its own, as AWS would run it: its Runtime API is here, and it can be frozen.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Call, type Outcome, type RuntimeApi, startRuntimeApi } from './runtime-api.ts'

/** What is deployed. */
export interface Deployment {
  /** The folder with the handler's file. */
  readonly folder: string
  /** File and export. @defaultValue `'index.handler'` */
  readonly handler?: string
  readonly env?: Readonly<Record<string, string>>
  /** How many events it may have at once. @defaultValue 1 */
  readonly concurrency?: number
}

/** A running function. */
export interface Lambda extends Pick<RuntimeApi, 'init'> {
  readonly call: (event: unknown) => Call
  readonly invoke: (event: unknown) => Promise<Outcome>
  /** Stops the process where it is, as Lambda does between calls, and lets it go on. */
  readonly freeze: () => void
  readonly thaw: () => void
  /** Moves the function's clock on. */
  readonly moveClock: (ms: number) => Promise<void>
  /** Everything that it has written. */
  readonly output: () => string
}

const BOOTSTRAP = join(import.meta.dirname, 'bootstrap.mjs')

/** Runs a function until the test that called this is over, with nothing of this process's environment. */
export async function startLambda(deployment: Deployment): Promise<Lambda> {
  const { folder, handler = 'index.handler', env, concurrency = 1 } = deployment
  const api = await startRuntimeApi()
  const child = spawn(process.execPath, [BOOTSTRAP], {
    env: {
      ...env,
      // AWS Lambda switches it off
      NODE_OPTIONS: '--no-experimental-require-module',
      AWS_LAMBDA_RUNTIME_API: api.address,
      AWS_LAMBDA_MAX_CONCURRENCY: String(concurrency),
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: handler,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  onTestFinished(() => {
    child.kill('SIGKILL')
    api.close()
  })
  return {
    init: api.init,
    call: api.call,
    invoke: (event) => api.call(event).outcome,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    moveClock: async (ms) => {
      child.send(ms)
      await once(child, 'message')
    },
    output: () => output,
  }
}
