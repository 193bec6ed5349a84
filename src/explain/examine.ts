/**
 * Runs the engine on a token, and every check beside it.
 */
import {
  assertVerifier,
  partsOf,
  readAccessRule,
  readFunction,
  readOptions,
  toClock,
} from '../verify/explain-kit.ts'
import type { AccessRule, Verifier } from '../verify/index.ts'
import { checkAll } from './check-all.ts'
import { refusalOf } from './checks/access-checks.ts'
import { examineWrapped } from './examine-wrapped.ts'
import type { ExplainOptions } from './explanation.ts'
import type { Examined } from './facts.ts'
import { run } from './run.ts'

/** @throws {@link ConfigError} that names the invalid option, and for no token */
export async function examine<Claims>(
  verifier: Verifier<Claims>,
  token: unknown,
  options: ExplainOptions<Claims>,
): Promise<Examined> {
  assertVerifier(verifier)
  const own = readOptions('explain()', options, { now: true, access: true })
  const now = readFunction('now', own.now)
  const access = own.access && readAccessRule(own.access as AccessRule<never>)
  const parts = partsOf(verifier)
  if (parts === undefined) return examineWrapped(verifier, token, access)
  const clock = freeze(now ? toClock(now) : parts.settings.now)
  const ran = await run(parts, token as string, clock)
  const refusal = ran.verified && access && refusalOf(ran.verified, access)
  const facts = await checkAll(parts, { token, ran, clock, access, refusal })
  return { facts, error: ran.verified ? refusal : ran.error }
}

/** All checks are made at one instant. A clock that throws does so again, as it does for `verify`. */
function freeze(now: () => number): () => number {
  try {
    const at = now()
    return () => at
  } catch {
    return now
  }
}
