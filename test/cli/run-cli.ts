/**
 * Runs the command inside the test process, with its own streams, environment and clock.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Io } from '../../src/cli/io.ts'
import { run } from '../../src/cli/run.ts'

export interface Given {
  /** Standard input; if omitted, it is a terminal. */
  readonly stdin?: string | Uint8Array
  readonly env?: Io['env']
  readonly now?: () => number
  /** Used for everything, in place of the network. */
  readonly fetch?: typeof globalThis.fetch
  readonly cwd?: string
  /** Whether the output streams are terminals. */
  readonly isTTY?: boolean
  readonly stop?: AbortSignal
  readonly load?: Io['load']
  /** Called with each text on standard output. */
  readonly onOutput?: (text: string) => void
}

export interface Ran {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

const noFetch: typeof globalThis.fetch = async () => {
  throw new Error('this test has no network')
}

export async function runCli(argv: readonly string[], given: Given = {}): Promise<Ran> {
  const { stdin, env = {}, now = Date.now, fetch, cwd = makeFolder({}), isTTY = false } = given
  let stdout = ''
  let stderr = ''
  const exit = await run(argv, {
    stdin: toStdin(stdin),
    stdout: {
      isTTY,
      write: (text) => {
        stdout += text
        given.onOutput?.(text)
      },
    },
    stderr: {
      isTTY,
      write: (text) => {
        stderr += text
      },
    },
    env,
    cwd,
    now,
    fetch: fetch ?? noFetch,
    verifierFetch: fetch,
    load: given.load ?? ((url) => import(url)),
    untilStopped: () =>
      new Promise((resolve) => {
        if (given.stop?.aborted) resolve()
        given.stop?.addEventListener('abort', () => resolve())
      }),
  })
  return { exit, stdout, stderr }
}

function toStdin(text: string | Uint8Array | undefined): Io['stdin'] {
  async function* chunks() {
    if (text !== undefined) yield text
  }
  return Object.assign(chunks(), { isTTY: text === undefined })
}

/** A folder with these files, until the calling test ends. */
export function makeFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'jwt-gate-cli-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}
