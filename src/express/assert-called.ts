/**
 * Detects functions that were passed to Express without calling them: Express then calls them with a request.
 */
import { ConfigError } from '../verify/index.ts'

/** @param call - how the function is called @throws {@link ConfigError} if its argument is a request */
export function assertCalled(call: string, argument: unknown): void {
  const one: object = Object(argument)
  // nothing is read: a wrapped verifier may not expect it
  if (!('method' in one && 'headers' in one)) return
  throw new ConfigError(`Write ${call}: without calling it, it gets a request as its argument`)
}
