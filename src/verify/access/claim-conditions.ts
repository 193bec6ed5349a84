/**
 * The `claims` of an access rule: the values that claims must have. They are compared exactly: `'1'` is not `1`.
 */
import { type ClaimPath, claimAt, readClaimPath } from '../claims/claim-path.ts'
import { AccessError, ConfigError } from '../errors.ts'
import { assertPlainObject } from '../util/check-option.ts'

/** A value that a claim can be compared with. */
export type ClaimValue = string | number | boolean

/** The values that one claim may have. */
export interface ClaimCondition {
  /** As the rule names the claim. */
  readonly name: string
  readonly path: ClaimPath
  readonly values: ReadonlySet<unknown>
}

/** @throws {@link ConfigError} that names the option, for anything that could be an empty condition by mistake */
export function readClaimConditions(option: string, value: unknown): readonly ClaimCondition[] {
  assertPlainObject(option, value)
  const entries: [string, unknown][] = Object.entries(value)
  if (entries.length === 0) throw new ConfigError(`"${option}" must have at least one claim`)
  return entries.map(([name, wanted]) => {
    const values = Array.isArray(wanted) ? [...wanted] : [wanted]
    if (values.length > 0 && values.every(isClaimValue)) {
      return { name, path: readClaimPath(option, name), values: new Set(values) }
    }
    throw new ConfigError(
      `"${option}" must have a non-empty string, a number or a boolean, or a list of these, for ${name}`,
    )
  })
}

/** @throws {@link AccessError} `ERR_ACCESS_DENIED` that names the first claim that does not meet its condition */
export function assertClaimConditions(
  claims: unknown,
  conditions: readonly ClaimCondition[] | undefined,
): void {
  for (const { name, path, values } of conditions ?? []) {
    const claim = claimAt(claims, path)
    const isMet = Array.isArray(claim) ? claim.some((one) => values.has(one)) : values.has(claim)
    if (isMet) continue
    const reason = claim === undefined ? 'missing' : 'mismatch'
    throw new AccessError('ERR_ACCESS_DENIED', { claim: name, reason })
  }
}

function isClaimValue(value: unknown): boolean {
  return (
    typeof value === 'boolean' ||
    Number.isFinite(value) ||
    (typeof value === 'string' && value !== '')
  )
}
