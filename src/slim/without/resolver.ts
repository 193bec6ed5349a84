/**
 * Replaces `verify/issuers/resolved-issuers.ts` in slim builds.
 */
import { ConfigError } from '../../verify/index.ts'

export class ResolvedIssuers {
  constructor() {
    throw new ConfigError(
      '"trusted" cannot be a function in jwt-gate/slim: import createVerifier from jwt-gate',
    )
  }
}
