#!/usr/bin/env node
/**
 * The entry point of the command `jwt-gate`. Only this file touches the process.
 */
import { run } from './run.ts'

// the reader of a pipe may go away, such as head: the exit code is still that of the command
process.stdout.on('error', () => undefined)

process.exitCode = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  now: Date.now,
  fetch,
  load: (url) => import(url),
  untilStopped,
})
// a module with the set-up may hold the process open, for example by a connection to a database
process.stdout.write('', () => process.stderr.write('', () => process.exit()))

/** Without a listener, a signal ends the process at once. */
function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => resolve())
  })
}
