#!/usr/bin/env node
/**
 * The entry point of the command `jwt-gate`. Only this file touches the process.
 */
import { run } from './run.ts'

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stop.abort())
}
// the reader of a pipe may go away, such as head
process.stdout.on('error', () => process.exit())

process.exitCode = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  now: Date.now,
  fetch,
  load: (url) => import(url),
  stop: stop.signal,
})
