/**
 * Reads a token from an argument, a file or standard input.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Arguments } from './arguments/parse-arguments.ts'
import { type Context, UsageError } from './command.ts'
import type { Io } from './io.ts'
import { escapeText } from './output/escape.ts'
import { readTextFile } from './setup/text-file.ts'

/** What cannot be a token, but may be a path. */
const PATH = /[/\\]|\.(?:txt|jwt|token|json)$/i
/** No file name is longer. */
const MAX_PATH_LENGTH = 1_024

/** @throws {@link UsageError} if there is no token, or the file cannot be read */
export async function readToken(args: Arguments, { io, progress }: Context): Promise<string> {
  const file = findFile(args.positionals, io)
  if (file !== undefined) {
    const text = await readTextFile(file, io)
    // the end of the last line is not part of the token
    return text.replace(/\r?\n$/, '')
  }
  // unquoted, Bearer and the token are two arguments
  const token = args.positionals.join(' ')
  // an empty variable of the shell tells nothing
  if (token !== '') progress.note(WARNING)
  return token
}

const WARNING =
  "The token stands in the command line, and so in the shell's history: use a file or standard input (-) for tokens that still work"

/** The file with the token; `undefined` if the arguments are the token itself. */
function findFile(positionals: readonly string[], io: Io): string | undefined {
  const [first, second] = positionals
  if (first === undefined) {
    if (!io.stdin.isTTY) return '-'
    throw new UsageError(
      'There is no token: give a file, - for standard input, or the token itself',
    )
  }
  const mayBePath = second === undefined && first !== '' && first.length <= MAX_PATH_LENGTH
  if (!mayBePath) return undefined
  if (first === '-' || existsSync(resolve(io.cwd, first))) return first
  if (PATH.test(first)) throw new UsageError(`There is no file ${escapeText(first)}`)
  return undefined
}
