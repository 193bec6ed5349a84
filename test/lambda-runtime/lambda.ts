/**
 * A Lambda function in a separate process, as AWS would run it: its Runtime API is here, and it can be frozen.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Call, type Outcome, type RuntimeApi, startRuntimeApi } from './runtime-api.ts'

/** The deployed function. */
export interface Deployment {
  /** The folder with the handler's file. */
  readonly folder: string
  /** File and export. @defaultValue `'index.handler'` */
  readonly handler?: string
  readonly env?: Readonly<Record<string, string>>
  /** The maximum number of concurrent events. @defaultValue 1 */
  readonly concurrency?: number
}

/** A running function. */
export interface Lambda extends Pick<RuntimeApi, 'init'> {
  readonly call: (event: unknown) => Call
  readonly invoke: (event: unknown) => Promise<Outcome>
  /** Stops the process, as Lambda does between calls, and continues it. */
  readonly freeze: () => void
  readonly thaw: () => void
  /** Moves the function's clock forward. */
  readonly moveClock: (ms: number) => Promise<void>
  /** Everything that it has printed. */
  readonly output: () => string
}

const BOOTSTRAP = join(import.meta.dirname, 'bootstrap.mjs')

/** Runs a function until the calling test ends, without the environment of this process. */
export async function startLambda(deployment: Deployment): Promise<Lambda> {
  const { folder, handler = 'index.handler', env, concurrency = 1 } = deployment
  const api = await startRuntimeApi()
  const child = spawn(process.execPath, [BOOTSTRAP], {
    env: {
      ...env,
      // AWS Lambda turns it off
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
