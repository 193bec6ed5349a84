/**
 * Writes the library's messages about options as the command line names them.
 */

import { ConfigError } from '../../verify/index.ts'
import { OPTION_NAMES } from '../arguments/setup-options.ts'
import { UsageError } from '../command.ts'

/**
 * Calls a function whose options come from the command line.
 * @throws {@link UsageError} that names the wrong option
 */
export function nameOptions<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw error instanceof ConfigError ? new UsageError(rename(error.message)) : error
  }
}

/** The first option in a message is the wrong one, and `null` is a value of it. */
function rename(message: string): string {
  let first: string | undefined
  const renamed = message.replace(/"([\w.]+)"/g, (quoted: string, name: string) => {
    const option = OPTION_NAMES.get(name)
    first ??= option
    return option ?? quoted
  })
  return first ? renamed.replace(/\bnull\b/, `--no-${first.slice(2)}`) : renamed
}
