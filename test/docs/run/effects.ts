/**
 * `jwt-gate` as the blocks of a guide import it: its verifiers get the network and the clock of the test, because the issuers on a
 * page do not exist.
 */
import * as core from 'jwt-gate'

export * from 'jwt-gate'

/** Set by the test before it imports a block. */
export const effects: { fetch?: core.VerifierOptions['fetch']; now?: core.VerifierOptions['now'] } =
  {}

export const createVerifier = ((trusted: core.Trusted, options?: core.VerifierOptions<never>) =>
  core.createVerifier(trusted, { ...options, ...effects } as never)) as typeof core.createVerifier
