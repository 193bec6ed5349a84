/**
 * Writes the library's messages about options as the command line names them.
 */

import { ConfigError } from '../../verify/index.ts'
import { OPTION_NAMES } from '../arguments/setup-options.ts'
import { UsageError } from '../command.ts'

const QUOTED = /"([\w.]+)"/g

/**
 * Calls a function whose options come from the command line.
 * @throws {@link UsageError} that names the wrong option
 */
export function nameOptions<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw error instanceof ConfigError ? new UsageError(renameWrong(error.message)) : error
  }
}

/** Writes the names of options in a text as the command line does. */
export function renameOptions(text: string): string {
  return text.replace(QUOTED, (quoted, name) => OPTION_NAMES.get(name) ?? quoted)
}

/** The first option in the message is the wrong one, and `null` is a value of it. */
function renameWrong(message: string): string {
  const [first] = [...message.matchAll(QUOTED)].flatMap(
    ([, name = '']) => OPTION_NAMES.get(name) ?? [],
  )
  const renamed = renameOptions(message)
  return first ? renamed.replace(/\bnull\b/, `--no-${first.slice(2)}`) : renamed
}
