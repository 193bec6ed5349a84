/**
 * Explains a rejected request: its token, and the error with which it was rejected.
 */
import { type Refusal, readMember } from '../verify/explain-kit.ts'
import { type AccessRule, isJwtGateError, type Verifier } from '../verify/index.ts'
import { toProblem } from './causes/cause.ts'
import { failed, skipped } from './checks/judge.ts'
import { findElsewhere } from './elsewhere.ts'
import { examine } from './examine.ts'
import type { Explanation } from './explanation.ts'
import { memberOf } from './show.ts'
import { toExplanation } from './to-explanation.ts'

export async function explainRefusal(
  verifier: Verifier<unknown>,
  { error, token, request }: Refusal,
): Promise<Explanation> {
  const examined = await examine(verifier, token, { access: toRule(error) })
  const { error: found } = examined
  const elsewhere = token === undefined ? findElsewhere(request) : undefined
  const facts = { ...examined.facts, elsewhere }
  const [thrown, own] = [toProblem(error), toProblem(found)]
  const isSame = thrown.code === own.code && thrown.reason === own.reason
  if (found !== undefined && isSame) return toExplanation(facts, found)
  // the request itself was wrong, another rule was applied, a function has failed, or the outcome is another one by now
  const made =
    token === undefined
      ? [skipped('size', 'no token could be read from the request'), ...facts.checks.slice(1)]
      : facts.checks
  const checks = [...made, failed('request', {}, error)]
  return toExplanation({ ...facts, checks }, error)
}

const LISTS = ['scopes', 'anyScope', 'groups', 'allGroups'] as const

/** The rule of the route, as far as the error says it. */
function toRule(error: unknown): AccessRule | undefined {
  const read = (name: string): unknown =>
    isJwtGateError(error) ? readMember(error, name) : undefined
  const expected = read('expected')
  const rule = {
    ...Object.fromEntries(LISTS.map((name) => [name, memberOf(expected, name)])),
    acr: read('acrValues'),
    maxAuthAgeSeconds: read('maxAgeSeconds'),
  }
  const isRule =
    read('name') === 'AccessError' && Object.values(rule).some((one) => one !== undefined)
  return isRule ? (rule as AccessRule) : undefined
}
