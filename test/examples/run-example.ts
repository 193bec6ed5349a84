/**
 * Runs an example in a separate process, as a newcomer would.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))

export interface Running {
  readonly process: ChildProcess
  /** The output so far. */
  readonly output: () => string
  /** Resolves when this text has been printed. Rejects if the process ends before. */
  readonly printed: (text: string) => Promise<void>
  readonly exited: Promise<number | null>
}

/** Runs the example until the calling test ends. */
export function runExample(file: string, env: Readonly<Record<string, string>> = {}): Running {
  const running = startExample(file, env)
  onTestFinished(async () => {
    running.process.kill('SIGKILL')
    // the next test may want the same port
    await running.exited
  })
  return running
}

/** Runs the example until its process is killed. */
export function startExample(file: string, env: Readonly<Record<string, string>> = {}): Running {
  const child = spawn(process.execPath, ['--import', 'tsx', `examples/${file}`], {
    cwd: root,
    env: { ...process.env, COGNITO_USER_POOL_ID: '', COGNITO_CLIENT_ID: '', ...env },
  })
  let text = ''
  const waiting = new Set<() => void>()
  const take = (chunk: Buffer): void => {
    text += chunk
    for (const look of waiting) look()
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  return {
    process: child,
    output: () => text,
    printed: (wanted) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (text.includes(wanted)) resolve()
        }
        waiting.add(look)
        child.once('exit', () => reject(new Error(`It ended without "${wanted}": ${text}`)))
        look()
      }),
    exited: new Promise((resolve) => child.once('exit', resolve)),
  }
}

/** A port that is not in use. */
export async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
