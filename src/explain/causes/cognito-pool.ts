/**
 * Recognizes user pools.
 */
import type { Profile } from '../../verify/explain-kit.ts'

/** A user pool, as one of its two issuer forms names it. */
export interface Pool {
  readonly issuer: string
  readonly id: string
}

const ISSUER =
  /^https:\/\/(?:issuer-)?cognito-idp\.[a-z0-9-]+\.amazonaws\.(?:com|com\.cn|eu)\/([\w-]+_\w+)\/?$/

export function parsePool(issuer: string): Pool | undefined {
  const id = ISSUER.exec(issuer)?.[1]
  return id === undefined ? undefined : { issuer, id }
}

/** Whether an issuer is configured as a user pool, which may be an emulated one. */
export function isPool({ issuer, claims }: Profile): boolean {
  return claims.tokenUse !== undefined || parsePool(issuer) !== undefined
}
