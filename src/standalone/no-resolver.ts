/**
 * Replaces `verify/resolved-issuers.ts` in the zip, to make a cold start faster. Issuers come from variables there, which cannot
 * contain a function.
 */
import { ConfigError } from '../verify/index.ts'

export class ResolvedIssuers {
  constructor() {
    throw new ConfigError('"trusted" cannot be a function here')
  }
}
