/**
 * What a function that finds issuers returned, read once and checked.
 */

import { type InsecureHosts, isCanonical, toSecureUrl } from '../jwks/issuer-url.ts'
import type { ResolvedIssuer, TrustedIssuer } from '../types.ts'
import { assertObject } from '../util/check-option.ts'
import { type IssuerContext, type IssuerSettings, readTrustedIssuer } from './trusted-issuer.ts'

/** An issuer that the function knows. */
export interface ReadAnswer {
  readonly entries: readonly [IssuerSettings, ...IssuerSettings[]]
  /** Other names that the same issuer has: a Cognito user pool has two issuer forms. */
  readonly twins: readonly string[]
}

/**
 * @param onMismatch - called if something was returned, but not this issuer, or not so that its keys can be found
 * @returns `undefined` for an issuer that is not trusted
 * @throws `ConfigError` that names the option that is wrong
 */
export function readAnswer(
  issuer: string,
  answer: ResolvedIssuer,
  context: IssuerContext,
  onMismatch: () => void,
): ReadAnswer | undefined {
  if (answer === undefined || answer === null) return undefined
  const all: readonly TrustedIssuer[] = [answer].flat()
  // what is wrong for every issuer is the developer's mistake, and no verdict on this one
  for (const one of all) assertObject('trusted', one)
  const meant = all.filter((one) => one.issuer === issuer)
  const isUsable = meant.every((one) => hasPlace(one, context.insecureHosts))
  const [first, ...others] = isUsable ? meant.map((one) => readTrustedIssuer(one, context)) : []
  if (first === undefined) {
    onMismatch()
    return undefined
  }
  const { userPoolId } = first
  const isTwin = (one: TrustedIssuer & { readonly userPoolId?: string }): boolean =>
    userPoolId !== undefined && one.userPoolId === userPoolId && one.issuer !== issuer
  const twins = all.filter(isTwin).map((one) => one.issuer)
  return { entries: [first, ...others], twins }
}

/** Whether the keys are given, or there is an address to look for them: the name of an issuer that is found need not be one. */
function hasPlace({ issuer, jwks, jwksUri }: TrustedIssuer, insecureHosts: InsecureHosts): boolean {
  if (jwks !== undefined) return true
  // what was not made of the name is the developer's own mistake, if it is one
  if (jwksUri !== undefined && !String(jwksUri).includes(issuer)) return true
  const text = jwksUri ?? issuer
  const url = toSecureUrl(text, insecureHosts)
  return url !== undefined && isCanonical(text, url)
}

/** Whether two answers say the same. A schema is the same if it is the same object. */
export function isSameAnswer({ entries }: ReadAnswer, { entries: others }: ReadAnswer): boolean {
  const toText = (all: readonly IssuerSettings[]): string =>
    JSON.stringify(all, (name, value) => {
      if (name === 'schema') return undefined
      return value instanceof Set ? [...value].sort() : value
    })
  const isSchemaSame = entries.every(({ schema }, at) => schema === others[at]?.schema)
  return isSchemaSame && toText(entries) === toText(others)
}
