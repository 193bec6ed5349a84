/**
 * Step 6: the claims. Each check is the core's own function. Where one function makes several checks, it is called with claims, or
 * a rule, that have nothing else to reject.
 */
import { formatDuration } from '../../terminal/times.ts'
import {
  ACCESS_TOKEN_CLAIMS,
  type ClaimsRule,
  checkAge,
  checkAudience,
  checkClaims,
  checkClientId,
  checkIdentifiers,
  checkRequired,
  checkTokenUse,
  checkValidityPeriod,
  emptyRule,
  type JsonObject,
} from '../../verify/explain-kit.ts'
import { oneOf, show } from '../show.ts'
import { isInMilliseconds, showTime } from '../times.ts'
import { type Judged, judge, skipped } from './judge.ts'

/** All checks of the claims, in the order of the engine. */
export function checkAllClaims(payload: JsonObject, rule: ClaimsRule, now: number): Judged[] {
  const required = rule.accessTokenProfile ? ACCESS_TOKEN_CLAIMS : []
  return [
    ...checkEachTime(payload, rule, now),
    audienceOf(payload, rule),
    clientOf(payload, rule),
    tokenUseOf(payload, rule),
    ...required.map((name) => requiredOf(payload, name)),
    ...['sub', 'client_id', 'jti'].flatMap((name) => identifierOf(payload, name)),
    bindingOf(payload, rule, now),
    ...rule.requiredClaims.map((name) => requiredOf(payload, name)),
    ageOf(payload, rule, now),
  ]
}

/** Later than any clock. */
const NEVER = Number.MAX_VALUE

function checkEachTime(payload: JsonObject, rule: ClaimsRule, now: number): Judged[] {
  const { exp, nbf, iat } = payload
  const clock = `${showTime(Math.floor(now))}, tolerance ${rule.clockToleranceSeconds} s`
  const check = (claims: JsonObject) => () => checkValidityPeriod(claims, rule, now)
  const actual = (value: unknown): string | undefined => showTime(value) ?? show(value)
  return [
    judge(
      'exp',
      { expected: `after ${clock}`, actual: actual(exp), detail: noteOn(exp) },
      check(own({ exp })),
    ),
    judge(
      'nbf',
      { expected: `not after ${clock}`, actual: actual(nbf) },
      check({ exp: NEVER, ...own({ nbf }) }),
    ),
    judge(
      'iat',
      { expected: 'a number, or none', actual: actual(iat), detail: noteOn(iat) },
      check({ exp: NEVER, iat }),
    ),
  ]
}

/** Such a time passes, because it is later than any clock. */
function noteOn(time: unknown): string | undefined {
  if (!isInMilliseconds(time)) return undefined
  return 'It is in milliseconds, and must be in seconds (RFC 7519 s2): read so, it is thousands of years away'
}

function own(claims: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
}

function audienceOf(payload: JsonObject, rule: ClaimsRule): Judged {
  const { audience } = rule
  const actual = show(payload['aud'])
  const view = { expected: audience ? oneOf(audience) : 'anything', actual }
  const judged = judge('aud', view, () => checkAudience(payload, rule))
  if (judged.error || actual !== undefined || audience === null) return judged
  return skipped('aud', 'a token of the other kind has none', view)
}

function clientOf(payload: JsonObject, rule: ClaimsRule): Judged {
  const { clientId, clientIdClaim } = rule
  if (clientId === undefined) return skipped('client', '"clientId" is not configured')
  const name = clientIdClaim ?? (payload['client_id'] === undefined ? 'azp' : 'client_id')
  const actual = show(payload[name])
  const view = {
    expected: `${clientIdClaim ?? 'client_id, else azp'}: ${oneOf(clientId)}`,
    actual: actual && `${name}: ${actual}`,
  }
  const judged = judge('client', view, () => checkClientId(payload, rule))
  if (judged.error || actual !== undefined) return judged
  return skipped('client', 'a token of the other kind has none', view)
}

function tokenUseOf(payload: JsonObject, rule: ClaimsRule): Judged {
  if (rule.tokenUse === undefined) return skipped('token_use', '"tokenUse" is not configured')
  const view = { expected: show(rule.tokenUse), actual: show(payload['token_use']) }
  return judge('token_use', view, () => checkTokenUse(payload, rule))
}

function requiredOf(payload: JsonObject, name: string): Judged {
  const view = { expected: 'present', actual: show(payload[name]) }
  return judge(`required ${name}`, view, () => checkRequired(payload, [name]))
}

/** Only those that are there. */
function identifierOf(payload: JsonObject, name: string): Judged[] {
  const value = payload[name]
  if (value === undefined) return []
  const view = { expected: 'a non-empty string', actual: show(value) }
  return [judge(name, view, () => checkIdentifiers({ [name]: value }))]
}

/** Whether the token is bound to something that the verifier does not check. */
function bindingOf({ cnf }: JsonObject, rule: ClaimsRule, now: number): Judged {
  const checked = [...rule.confirmations]
  const expected = checked.length === 0 ? 'none' : `none, or only ${checked.join(', ')}`
  return judge('cnf', { expected, actual: show(cnf) }, () =>
    checkClaims({ exp: NEVER, cnf }, emptyRule(rule), now),
  )
}

function ageOf(payload: JsonObject, rule: ClaimsRule, now: number): Judged {
  const { maxTokenAgeSeconds } = rule
  if (maxTokenAgeSeconds === undefined) {
    return skipped('age', '"maxTokenAgeSeconds" is not configured')
  }
  const { iat } = payload
  if (iat !== undefined && !Number.isFinite(iat)) return skipped('age', 'iat is no number')
  const view = {
    expected: `at most ${formatDuration(maxTokenAgeSeconds)}`,
    actual:
      typeof iat === 'number' ? `${now < iat ? '-' : ''}${formatDuration(now - iat)}` : undefined,
  }
  return judge('age', view, () => checkAge(payload, rule, now))
}
