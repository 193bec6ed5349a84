/**
 * Synchronous fast path for adapters: what `verify` resolves with, without a promise if nothing has to be waited for. It is
 * stored on the `verify` function under a symbol, together with the function that it belongs to, so that it never stands in for
 * another function: one that replaces `verify`, wraps it in a proxy, inherits from it, or copies its properties.
 */
import type { Presented } from './binding-types.ts'
import type { VerifiedToken, Verifier } from './types.ts'

// shared by every copy of the package, as verifiers are; earlier versions stored something else under other names
// Stryker disable next-line StringLiteral: any other name that nobody else uses would do
const FAST_PATH = Symbol.for('jwt-gate.verify-now.3')

type Verify<Claims> = Verifier<Claims>['verify']
/** The same checks as `verify`. Throws what `verify` would reject with, if it can at once. */
export type VerifyNow<Claims> = (
  token: string,
  presented?: Presented,
) => VerifiedToken<Claims> | Promise<VerifiedToken<Claims>>

interface FastPath<Claims> {
  /** The function that `verifyNow` belongs to. */
  readonly verify: Verify<Claims>
  readonly verifyNow: VerifyNow<Claims>
  /** What the verifier is made of, see parts.ts. Verifiers of earlier versions do not have it. */
  readonly parts?: unknown
}

/** Adds the fast path to a verifier's own `verify`. */
export function withFastPath<Claims>(
  verify: Verify<Claims>,
  verifyNow: VerifyNow<Claims>,
  parts?: object,
): Verify<Claims> {
  const fastPath: FastPath<Claims> = Object.freeze({ verify, verifyNow, parts })
  return Object.defineProperty(verify, FAST_PATH, { value: fastPath })
}

/** The fast path of a verifier; `undefined` if its `verify` is not its own. */
export function fastPathOf<Claims>({ verify }: Verifier<Claims>): VerifyNow<Claims> | undefined {
  return ownOf(verify)?.verifyNow
}

/** What is stored on a function, if it belongs to it. */
export function ownOf<Claims>(verify: Verify<Claims>): FastPath<Claims> | undefined {
  const fastPath = (verify as { [FAST_PATH]?: FastPath<Claims> })[FAST_PATH]
  return fastPath?.verify === verify ? fastPath : undefined
}
