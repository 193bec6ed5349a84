/**
 * Published test vectors, which are stored beside the project and are not part of it. `JWT_GATE_VECTORS` names another folder.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FOLDER =
  process.env['JWT_GATE_VECTORS'] ??
  fileURLToPath(new URL('../../../shared/vectors', import.meta.url))

/** Why the tests are skipped, or `undefined` if they are not. */
export const skipped = existsSync(FOLDER)
  ? undefined
  : 'there are no test vectors: set JWT_GATE_VECTORS to their folder'

/** The content of a file, or nothing if there are no vectors. */
export function read<T>(path: string, nothing: T): T {
  return skipped === undefined ? JSON.parse(readFileSync(`${FOLDER}/${path}`, 'utf8')) : nothing
}
