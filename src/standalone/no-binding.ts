/**
 * Replaces `verify/proof/binding.ts` in the zip, to make a cold start faster. No variable asks for a proof there, so bound tokens
 * are rejected before.
 */
import { ConfigError } from '../verify/index.ts'

export class Binding {
  constructor() {
    throw new ConfigError('"dpop" and "mtls" cannot be set here')
  }
}
