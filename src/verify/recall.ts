/**
 * The short way for surfaces that can go on at once: what a verifier remembers, without a promise. It hangs on the `verify`
 * function itself, so that whoever puts another function in its place is never passed by.
 */
import type { VerifiedToken, Verifier } from './types.ts'

// shared by every copy of the package, as verifiers are
// Stryker disable next-line StringLiteral: any name would do that nobody else uses
const RECALL = Symbol.for('jwt-gate.recall')

type Verify<Claims> = Verifier<Claims>['verify']
/** What `verify` answers, at once where it can be, for a token that is remembered; `undefined` for others. */
export type Recall<Claims> = (
  token: string,
) => VerifiedToken<Claims> | Promise<VerifiedToken<Claims>> | undefined

export function withRecall<Claims>(verify: Verify<Claims>, recall: Recall<Claims>): Verify<Claims> {
  return Object.defineProperty(verify, RECALL, { value: recall })
}

/**
 * What `verify` answers for a token that is remembered: at once, or in a promise where something has to be waited for.
 * `undefined` for a token that is not, of which nothing has been asked yet.
 * @throws what `verify` would reject with
 */
export function recall<Claims>(
  { verify }: Verifier<Claims>,
  token: string | undefined,
): ReturnType<Recall<Claims>> {
  return (verify as { [RECALL]?: Recall<Claims> })[RECALL]?.(token as string)
}
