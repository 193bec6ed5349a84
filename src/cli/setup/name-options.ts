/**
 * Writes the library's messages about options as the command line names them.
 */
import { ConfigError } from '../../verify/index.ts'
import { OPTION_NAMES } from '../arguments/setup-options.ts'
import { UsageError } from '../command.ts'

const QUOTED = /"([\w.]+)"/g
/** Not the parameter of a request to an issuer, or a member of its metadata, which have the same names. */
const OPTION = /(?<!member |requests it with )"([\w.]+)"(?! of your API)/g

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

/** Writes the names of options in an advice as the command line does. */
export function renameOptions(text: string): string {
  const renamed = text.replace(OPTION, (quoted, name) => OPTION_NAMES.get(name) ?? quoted)
  return renamed.replace(/--([a-z-]+) to null\b/g, '--no-$1')
}

/** The first option in the message is the wrong one, and `null` is a value of it. */
function renameWrong(message: string): string {
  const [first] = [...message.matchAll(QUOTED)].flatMap(
    ([, name = '']) => OPTION_NAMES.get(name) ?? [],
  )
  const renamed = message.replace(QUOTED, (quoted, name) => OPTION_NAMES.get(name) ?? quoted)
  return first ? renamed.replace(/\bnull\b/, `--no-${first.slice(2)}`) : renamed
}
