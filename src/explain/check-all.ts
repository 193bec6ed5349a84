/**
 * Makes every check on a token, beside the engine.
 */
import {
  type CheckedAccessRule,
  emptyRule,
  freezeJson,
  type JsonObject,
  type Profile,
  type UnverifiedToken,
  type VerifierParts,
} from '../verify/explain-kit.ts'
import { hasPresetRule } from './causes/kinds.ts'
import { checkAccess } from './checks/access-checks.ts'
import { checkAllClaims } from './checks/claims-checks.ts'
import { checkForm } from './checks/form-checks.ts'
import { checkHeader } from './checks/header-checks.ts'
import { checkIssuer, findNearest } from './checks/issuer-check.ts'
import { failed, type Judged, judge, passed, skipped, type View } from './checks/judge.ts'
import { checkKey } from './checks/key-checks.ts'
import { type Facts, factsOfText } from './facts.ts'
import { type Run, STEPS, type Step } from './run.ts'
import { show } from './show.ts'
import { codeOf } from './to-explanation.ts'

/** What is to be checked. */
export interface Subject {
  readonly token: unknown
  readonly ran: Run
  readonly clock: () => number
  readonly access: CheckedAccessRule | undefined
  /** What the access rule has thrown for the verified token. */
  readonly refusal: unknown
}

export async function checkAll(verifier: VerifierParts, subject: Subject): Promise<Facts> {
  const { token, ran, clock } = subject
  const form = checkForm(token, verifier.settings.maxTokenBytes)
  const trusted = [...(verifier.issuers.whyUntrusted(undefined).expected?.issuers ?? [])]
  const text = { ...factsOfText(token, readSeconds(clock)), trusted }
  const facts = form.parts && (await checkToken(form.parts, verifier, subject, text))
  const checks = [...form.checks, ...(facts?.checks ?? skipAll())]
  return { ...(facts ?? text), checks: withOutcome(checks, ran, subject.refusal) }
}

/** `NaN` if the clock fails, as it does for the verifier. */
function readSeconds(clock: () => number): number {
  try {
    return clock() / 1_000
  } catch {
    return Number.NaN
  }
}

function skipAll(): Judged[] {
  const names = ['header', 'iss', 'key', 'signature', 'claims']
  return names.map((name) => skipped(name, 'there is no token to read'))
}

async function checkToken(
  token: UnverifiedToken,
  { issuers, settings }: VerifierParts,
  subject: Subject,
  text: Facts,
): Promise<Facts> {
  const { ran } = subject
  const { header, payload, signatureBytes, compact, signedEnd } = token
  const { judged: issuer, profile } = await checkIssuer(token, issuers, ran, text.trusted)
  const { checks: keyChecks, key } = await checkKey(token, profile, ran)
  const nearest = profile ?? findNearest(token, issuers, text.trusted)
  const rule = nearest?.claims ?? emptyRule(settings)
  const checks = [
    ...checkHeader(header, profile?.header ?? issuers.anyHeader),
    ...[issuer, ...keyChecks],
    ...(Number.isFinite(text.nowSeconds)
      ? checkAllClaims(payload, rule, text.nowSeconds)
      : [skipped('claims', 'the clock has failed')]),
    judge('structure', {}, () => {
      freezeJson(payload)
      freezeJson(header)
    }),
  ]
  if (profile?.schema) checks.push(checkSchema(toSchemaName(profile), ran, checks))
  checks.push(...checkSteps(settings, payload, ran))
  return {
    ...text,
    ...{ header, payload, profile, nearest, key, signatureBytes },
    revokedBy: ran.listed?.revokedBy,
    // a DER sequence of two integers begins with this byte
    isDer: Buffer.from(compact.slice(signedEnd + 1), 'base64url')[0] === 0x30,
    checks: [...checks, ...checkRule(token, nearest, settings.clockToleranceSeconds, subject)],
  }
}

/** The rule of a preset is a schema, which calls that of the user. */
function toSchemaName(profile: Profile): string {
  return hasPresetRule(profile) ? 'preset' : 'schema'
}

/** The schema is called for verified claims only, so its outcome is that of the engine. */
function checkSchema(name: string, { error, step }: Run, others: readonly Judged[]): Judged {
  if (step !== 'token') return passed(name)
  return others.some(({ check }) => check.outcome === 'failed')
    ? skipped(name, 'it is called if all other checks have passed')
    : failed(name, {}, error)
}

/** What the engine asks for on every call, after all other checks. */
function checkSteps(
  { revocations, binding, check }: VerifierParts['settings'],
  { cnf }: JsonObject,
  ran: Run,
): Judged[] {
  const presented = [binding?.dpop && 'a DPoP proof', binding?.mtls && 'a client certificate']
  const expected = `what the token is bound to: ${presented.filter(Boolean).join(' or ')}`
  return [
    ...(revocations ? [checkRevocation(ran)] : []),
    ...(binding ? [checkStep('binding', ran, { expected, actual: show(cnf) })] : []),
    ...(check ? [checkStep('check', ran)] : []),
  ]
}

function checkRevocation({ listed }: Run): Judged {
  if (listed === undefined) {
    return skipped('revocation', 'the list is asked if all other checks have passed')
  }
  const { error, revokedBy } = listed
  if (error === undefined) return passed('revocation', { actual: 'not revoked' })
  const found = revokedBy === undefined ? 'an entry' : `an entry for its ${revokedBy}`
  const actual = codeOf(error) === 'ERR_TOKEN_REVOKED' ? found : 'unknown'
  return failed('revocation', { expected: 'not revoked', actual }, error)
}

function checkStep(name: Step, { verified, error, step }: Run, view: View = {}): Judged {
  const [own, last] = [STEPS.indexOf(name), STEPS.indexOf(step)]
  if (last < own) return skipped(name, 'it is called if all other checks have passed', view)
  return last > own || verified ? passed(name, view) : failed(name, view, error)
}

function checkRule(
  { payload }: UnverifiedToken,
  profile: Facts['nearest'],
  toleranceSeconds: number,
  { access, ran, refusal, clock }: Subject,
): Judged[] {
  if (access === undefined) return []
  const { verified } = ran
  return checkAccess(
    { payload, profile, verified, refusal, clock: { now: clock, toleranceSeconds } },
    access,
  )
}

/** If the reason for the outcome is none of the checks, such as a clock that fails, it is one of its own. */
function withOutcome(checks: readonly Judged[], ran: Run, refusal: unknown): readonly Judged[] {
  const error = ran.verified ? refusal : ran.error
  const isKnown = checks.some(
    (one) => one.error !== undefined && codeOf(one.error) === codeOf(error),
  )
  return error === undefined || isKnown ? checks : [...checks, failed('verify', {}, error)]
}
