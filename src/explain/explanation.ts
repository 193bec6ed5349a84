/**
 * What `explain` takes and returns.
 */
import type { AccessRule, JwtGateErrorCode } from '../verify/index.ts'

/**
 * Why a token was accepted or rejected.
 *
 * Security: `actual`, and the advice of the causes, quote an unverified token. It is for the developer's eyes: never send it to a
 * client, or to a log that others read. It contains no part of the signature.
 */
export interface Explanation {
  /**
   * `'accepted'`: `verify` resolves, and the access rule is met. `'refused'`: the token is rejected. `'undecided'`: nobody knows
   * whether the token is good, because its keys are not available or the configuration is wrong.
   */
  readonly verdict: 'accepted' | 'refused' | 'undecided'
  /** The code of the error that `verify` (or `authorize`) throws. Omitted if the token is accepted. */
  readonly code?: JwtGateErrorCode
  /** Every check, in the order in which they are made. */
  readonly checks: Check[]
  /** What is probably wrong, the likeliest cause first. Empty if the token is accepted. */
  readonly causes: Cause[]
}

/** One check. */
export interface Check {
  /** What is checked, such as `aud`. */
  readonly name: string
  /** `'skipped'`: it could not be made, or is not configured; `detail` says why. */
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** What the configuration asks for. */
  readonly expected?: string
  /** What the unverified token has, as JSON of at most 200 characters. */
  readonly actual?: string
  /** The message of the error, or why the check was skipped, or what is odd although it has passed. */
  readonly detail?: string
}

/** Something that explains the outcome, and what to do about it. */
export interface Cause {
  /** What is wrong, in one line. The same text for the same mistake. */
  readonly title: string
  /** How to fix it: which option to set to which value, or what to send. */
  readonly advice: string
}

/** The options of `explain`. */
export interface ExplainOptions<Claims = unknown> {
  /** The clock, in milliseconds since 1970: what would happen at that time? @defaultValue the clock of the verifier */
  readonly now?: (() => number) | undefined
  /** The rule that the token must meet, as for `authorize`. @defaultValue every verified token is accepted */
  readonly access?: AccessRule<Claims> | undefined
}
