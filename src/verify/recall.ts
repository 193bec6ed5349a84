/**
 * Synchronous fast path for adapters: the result for a cached token, without a promise. It is stored on the `verify` function
 * under a symbol, together with that function, and counts for this very function alone. A wrapper that hands it on (a proxy, an
 * object that inherits, a copy of the properties) is therefore never bypassed.
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

interface FastPath<Claims> {
  readonly verify: Verify<Claims>
  readonly recall: Recall<Claims>
}

export function withRecall<Claims>(verify: Verify<Claims>, recall: Recall<Claims>): Verify<Claims> {
  return Object.defineProperty(verify, RECALL, { value: { verify, recall } })
}

/**
 * What `verify` returns for a cached token: at once, or in a promise if something has to be waited for.
 * `undefined` for a token that is not cached, of which nothing has been checked yet.
 * @throws what `verify` would reject with
 */
export function recall<Claims>(
  { verify }: Verifier<Claims>,
  token: string | undefined,
): ReturnType<Recall<Claims>> {
  const path = (verify as { [RECALL]?: FastPath<Claims> })[RECALL]
  return path?.verify === verify ? path.recall(token as string) : undefined
}
