/**
 * The access rule: each condition by itself, with the core's own function.
 */
import {
  assertAccess,
  type CheckedAccessRule,
  claimAt,
  type JsonObject,
  type Profile,
  readAccessRule,
  readGrantedScopes,
  readGroups,
  toVerifiedToken,
} from '../../verify/explain-kit.ts'
import type { AccessRule, JwtHeader, VerifiedToken } from '../../verify/index.ts'
import { list, quote, show } from '../show.ts'
import { failed, type Judged, judge, passed, skipped } from './judge.ts'

/** The claims of a token, verified or not, and its verified form if it was accepted. */
export interface Bearer {
  readonly payload: JsonObject
  readonly profile: Profile | undefined
  readonly verified: VerifiedToken<unknown> | undefined
  /** What the whole rule has thrown for the verified token. */
  readonly refusal: unknown
  readonly clock: { readonly now: () => number; readonly toleranceSeconds: number }
}

export function checkAccess(bearer: Bearer, rule: CheckedAccessRule): Judged[] {
  const { scopes, anyScope, groups, allGroups, conditions, acr, maxAuthAgeSeconds, check } = rule
  const { payload, profile, clock } = bearer
  const place = profile?.groupsClaim
  // never given to a function of the user
  const token = toVerifiedToken({} as JwtHeader, payload, '', payload, place, clock)
  const one = (name: string, part: AccessRule<never>, actual: string | undefined): Judged => {
    const [wanted] = Object.values(part)
    const view = { expected: Array.isArray(wanted) ? list(wanted) : quote(wanted), actual }
    return judge(name, view, () => assertAccess(token, readAccessRule(part)))
  }
  const granted = list(readGrantedScopes(payload)) || undefined
  const memberOf = list(readGroups(payload, place)) || undefined
  const judged = [
    ...(scopes ? [one('scopes', { scopes }, granted)] : []),
    ...(anyScope ? [one('anyScope', { anyScope }, granted)] : []),
    ...(groups ? [one('groups', { groups }, memberOf)] : []),
    ...(allGroups ? [one('allGroups', { allGroups }, memberOf)] : []),
    ...(conditions ?? []).map((condition) => {
      const view = {
        expected: `${condition.name}: ${list(condition.values)}`,
        actual: show(claimAt(payload, condition.path)),
      }
      return judge(`claims ${condition.name}`, view, () =>
        assertAccess(token, { conditions: [condition], isChecked: true }),
      )
    }),
    ...(acr ? [one('acr', { acr }, show(payload['acr']))] : []),
    ...(maxAuthAgeSeconds === undefined
      ? []
      : [one('auth_time', { maxAuthAgeSeconds }, show(payload['auth_time']))]),
  ]
  return check ? [...judged, checkRule(bearer, judged)] : judged
}

/** The user's function has seen the verified token once, and sees no other. */
function checkRule({ verified, refusal }: Bearer, others: readonly Judged[]): Judged {
  const name = 'check of the access rule'
  if (verified === undefined) return skipped(name, 'it is called for verified tokens only')
  if (others.some(({ check }) => check.outcome === 'failed')) {
    return skipped(name, 'it is called if all other conditions are met')
  }
  return refusal === undefined ? passed(name) : failed(name, {}, refusal)
}

/** What a rule throws for a verified token; `undefined` if it is met. */
export function refusalOf(verified: VerifiedToken<unknown>, access: CheckedAccessRule): unknown {
  try {
    assertAccess(verified, access)
    return undefined
  } catch (error) {
    return error
  }
}
