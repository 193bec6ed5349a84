/**
 * Reads a token from an argument, a file or standard input.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { escapeText } from '../terminal/escape.ts'
import type { Arguments } from './arguments/parse-arguments.ts'
import { type Context, UsageError } from './command.ts'
import type { Io } from './io.ts'
import { readTextFile } from './setup/text-file.ts'

/** What cannot be a token, but may be a path. */
const PATH = /[/\\]|\.(?:txt|jwt|token|json)$/i
/** No file name is longer. */
const MAX_PATH_LENGTH = 1_024

/** The scheme and the name of the header, which a shell separates from the token if they are not in quotes. */
const HEADER = /^["']?(?:authorization:?|bearer)/i

/**
 * @param command - the name of the subcommand
 * @throws {@link UsageError} if there is no token, or the file cannot be read
 */
export async function readToken(
  args: Arguments,
  { io, progress }: Context,
  command: string,
): Promise<string> {
  const file = findFile(args.positionals, io)
  if (file !== undefined) {
    const text = await readTextFile(file, io)
    if (file === '-' && text.trim() === '') throw new UsageError(`${NO_TOKEN} (it is empty)`)
    // the end of the last line is not part of the token
    return text.replace(/\r?\n$/, '')
  }
  const [first = '', second] = args.positionals
  if (second !== undefined && !HEADER.test(first))
    throw new UsageError(`${command} takes one token`)
  // unquoted, Bearer and the token are two arguments
  const token = args.positionals.join(' ')
  // an empty variable of the shell tells nothing
  if (token !== '') progress.note(WARNING)
  return token
}

const WARNING =
  'The token is in the command line, and therefore in the history of the shell: use a file or standard input (-) for tokens that still work'
const NO_TOKEN = 'There is no token: give a file, - for standard input, or the token itself'
/** What looks like the name of a file, and like no token or secret. */
const WORD = /^[\w-]{1,20}$/

/** @throws {@link UsageError} if what was given is neither a file nor a JWT, but may be the name of a file */
export function assertNoName({ positionals }: Arguments, { io }: Context): void {
  const [first = ''] = positionals
  if (findFile(positionals, io) !== undefined || !WORD.test(positionals.join(' '))) return
  throw new UsageError(`There is no file ${escapeText(first)}, and it is not a JWT`)
}

/** The file with the token; `undefined` if the arguments are the token itself. */
function findFile(positionals: readonly string[], io: Io): string | undefined {
  const [first, second] = positionals
  if (first === undefined) {
    if (!io.stdin.isTTY) return '-'
    throw new UsageError(NO_TOKEN)
  }
  const mayBePath = second === undefined && first !== '' && first.length <= MAX_PATH_LENGTH
  if (!mayBePath) return undefined
  if (first === '-' || existsSync(resolve(io.cwd, first))) return first
  if (PATH.test(first)) throw new UsageError(`There is no file ${escapeText(first)}`)
  return undefined
}
