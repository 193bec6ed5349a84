/**
 * Reads and validates the result of a function that finds issuers.
 */
import type { IssuersMismatchEvent } from '../events.ts'
import { type InsecureHosts, isCanonical, toSecureUrl } from '../http/issuer-url.ts'
import type { ResolvedIssuer, TrustedIssuer } from '../types.ts'
import { assertObject, readString } from '../util/check-option.ts'
import { areEqual } from './shared-conditions.ts'
import {
  assertNoPool,
  type Conditions,
  type GivenIssuer,
  type IssuerContext,
  type IssuerSettings,
  readTrustedIssuer,
} from './trusted-issuer.ts'

/** A validated result for a trusted issuer. */
export interface ReadAnswer {
  readonly entries: readonly [IssuerSettings, ...IssuerSettings[]]
  /** The other issuer form, if the issuer is a Cognito user pool. */
  readonly twins: readonly string[]
}

/**
 * @param onMismatch - called if the result is for another issuer, or has no acceptable key URL, with the option that is wrong
 * @returns `undefined` if the issuer is not trusted
 * @throws `ConfigError` that names the invalid option
 */
export function readAnswer(
  issuer: string,
  answer: ResolvedIssuer,
  context: IssuerContext,
  onMismatch: (option: IssuersMismatchEvent['option']) => void,
): ReadAnswer | undefined {
  if (answer === undefined || answer === null) return undefined
  const all: readonly TrustedIssuer[] = [answer].flat()
  // an invalid result is a mistake of the developer, and does not mean that this issuer is untrusted
  for (const one of all) {
    assertObject('trusted', one)
    assertNoPool(one)
    readString('issuer', one.issuer)
  }
  const matching = all.filter((one) => one.issuer === issuer)
  const isUsable = matching.every((one) => hasKeySource(one, context.insecureHosts))
  const [first, ...others] = isUsable ? matching.map((one) => readTrustedIssuer(one, context)) : []
  if (first === undefined) {
    onMismatch(isUsable ? 'issuer' : 'jwksUri')
    return undefined
  }
  const { userPoolId } = first
  const isTwin = (one: GivenIssuer): boolean =>
    userPoolId !== undefined && one.userPoolId === userPoolId && one.issuer !== issuer
  const twins = all.filter(isTwin).map((one) => one.issuer)
  return { entries: [first, ...others], twins }
}

/**
 * Whether the keys are given, or there are valid URLs for them. They may be made of a part of `iss`, which anybody can choose, so
 * others are no mistake of the developer.
 */
function hasKeySource(
  { issuer, jwks, jwksUri }: TrustedIssuer,
  insecureHosts: InsecureHosts,
): boolean {
  if (jwks !== undefined && jwksUri === undefined) return true
  return [jwksUri ?? issuer].flat().every((text: unknown) => {
    const url = toSecureUrl(text, insecureHosts)
    return url !== undefined && isCanonical(text as string, url)
  })
}

/** Whether two results with the same keys are equal. */
export function isSameAnswer(some: readonly Conditions[], others: readonly Conditions[]): boolean {
  return (
    some.length === others.length &&
    some.every((one, at) => areEqual(one, others[at] as Conditions))
  )
}
