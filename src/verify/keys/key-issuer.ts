/**
 * Keys that are for one issuer alone. Microsoft Entra publishes one set for all tenants, in which a key names its issuer in a member
 * `issuer`, with `{tenantid}` for the tenant.
 */

/** Whether a key is for an issuer. */
export type IssuerRule = (issuer: string) => boolean

const TENANT = '{tenantid}'
const TENANT_NAME = /^[\w.-]+$/

/** @returns `undefined` if the key is for every issuer of its set */
export function toIssuerRule(member: unknown): IssuerRule | undefined {
  if (member === undefined) return undefined
  if (typeof member !== 'string') return () => false
  const [before = '', after, ...others] = member.split(TENANT)
  if (after === undefined) return (issuer) => issuer === member
  if (others.length > 0) return () => false
  return (issuer) =>
    issuer.startsWith(before) &&
    issuer.endsWith(after) &&
    TENANT_NAME.test(issuer.slice(before.length, issuer.length - after.length))
}
