/**
 * The short way for surfaces that can go on at once: what a verifier remembers, without a promise. It hangs on the `verify`
 * function itself, so that whoever puts another function in its place is never passed by.
 */
import type { VerifiedToken, Verifier } from './types.ts'

// shared by every copy of the package, as verifiers are
// Stryker disable next-line StringLiteral: any name would do that nobody else uses
const RECALL = Symbol.for('jwt-gate.recall')

type Verify<Claims> = Verifier<Claims>['verify']
type Recall<Claims> = (token: string) => VerifiedToken<Claims> | undefined

export function withRecall<Claims>(verify: Verify<Claims>, recall: Recall<Claims>): Verify<Claims> {
  return Object.defineProperty(verify, RECALL, { value: recall })
}

/**
 * What `verify` would answer, where that is known at once; `undefined` where it has to be asked.
 * @throws what `verify` would reject with
 */
export function recall<Claims>(
  { verify }: Verifier<Claims>,
  token: string | undefined,
): VerifiedToken<Claims> | undefined {
  return (verify as { [RECALL]?: Recall<Claims> })[RECALL]?.(token as string)
}
