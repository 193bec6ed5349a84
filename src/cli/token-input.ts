/**
 * Reads a token from an argument, a file or standard input.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Arguments } from './arguments/parse-arguments.ts'
import { type Context, UsageError } from './command.ts'
import { escapeText } from './output/escape.ts'
import { readTextFile } from './setup/text-file.ts'

/** What cannot be a token, but may be a path. */
const PATH = /[/\\]|\.(?:txt|jwt|token|json)$/i
/** No file name is longer. */
const MAX_PATH_LENGTH = 1_024

/** @throws {@link UsageError} if there is no token, or the file cannot be read */
export async function readToken(args: Arguments, { io, progress }: Context): Promise<string> {
  const [first] = args.positionals
  if (first === undefined) {
    if (io.stdin.isTTY) {
      throw new UsageError(
        'There is no token: give a file, - for standard input, or the token itself',
      )
    }
    return fromFile('-')
  }
  if (args.positionals.length === 1) {
    const isPath = first.length <= MAX_PATH_LENGTH
    if (first === '-' || (isPath && existsSync(resolve(io.cwd, first)))) return fromFile(first)
    if (isPath && PATH.test(first)) throw new UsageError(`There is no file ${escapeText(first)}`)
  }
  progress.note(
    "The token stands in the command line, and so in the shell's history: use a file or standard input (-) for tokens that still work",
  )
  // unquoted, Bearer and the token are two arguments
  return args.positionals.join(' ')

  async function fromFile(file: string): Promise<string> {
    const text = await readTextFile(file, io)
    // the end of the last line is not part of the token
    return text.replace(/\r?\n$/, '')
  }
}
