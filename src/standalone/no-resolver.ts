/**
 * Stands in for `verify/resolved-issuers.ts` in the zip, whose issuers are listed in its variables: nothing there can be a
 * function, and a cold start need not read what one would need.
 */
import { ConfigError } from '../verify/index.ts'

export class ResolvedIssuers {
  constructor() {
    throw new ConfigError('"trusted" cannot be a function here')
  }
}
