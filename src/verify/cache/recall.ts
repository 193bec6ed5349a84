/**
 * Synchronous fast path for adapters: what a verifier has cached, without a promise. It is stored on the `verify` function
 * under a symbol, with the function that it belongs to, so that it never replaces another function: one that stands in its
 * place, wraps it in a proxy, inherits from it, or has a copy of its properties.
 */
import type { VerifiedToken, Verifier } from '../types.ts'

// shared by every copy of the package, as verifiers are; version 0.1.0 stored something else under the name without a number
// Stryker disable next-line StringLiteral: any name would do that nobody else uses
const RECALL = Symbol.for('jwt-gate.recall.2')

type Verify<Claims> = Verifier<Claims>['verify']
/** What `verify` answers, at once where it can be, for a token that is remembered; `undefined` for others. */
export type Recall<Claims> = (
  token: string,
) => VerifiedToken<Claims> | Promise<VerifiedToken<Claims>> | undefined

interface RecallHolder<Claims> {
  /** The function whose results `recall` returns. */
  readonly verify: Verify<Claims>
  readonly recall: Recall<Claims>
}

export function withRecall<Claims>(verify: Verify<Claims>, recall: Recall<Claims>): Verify<Claims> {
  const holder: RecallHolder<Claims> = Object.freeze({ verify, recall })
  return Object.defineProperty(verify, RECALL, { value: holder })
}

/**
 * What `verify` returns for a token that is cached: at once, or in a promise if something has to be waited for.
 * `undefined` for a token that is not cached, and for a `verify` that is not the verifier's own: nothing was checked then.
 * @throws what `verify` would reject with
 */
export function recall<Claims>(
  { verify }: Verifier<Claims>,
  token: string | undefined,
): ReturnType<Recall<Claims>> {
  const holder = (verify as { [RECALL]?: RecallHolder<Claims> })[RECALL]
  return holder?.verify === verify ? holder.recall(token as string) : undefined
}
