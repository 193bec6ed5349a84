/**
 * The tenants of Microsoft Entra ID: their IDs, their issuers in both versions, and the places of their keys.
 */
import { ConfigError } from '../verify/index.ts'
import { readTexts } from './preset.ts'

/** The version of an access token. The API chooses it, not the client. */
export type EntraVersion = '1.0' | '2.0'

/** A tenant and the version of its issuer. */
interface EntraIssuer {
  readonly tenant: string
  readonly version: EntraVersion
}

const GUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const ONLY_GUID = new RegExp(`^${GUID}$`)
const PATTERNS: readonly (readonly [EntraVersion, RegExp])[] = [
  ['2.0', new RegExp(`^https://login\\.microsoftonline\\.com/(${GUID})/v2\\.0$`)],
  ['1.0', new RegExp(`^https://sts\\.windows\\.net/(${GUID})/$`)],
]
/** Places to sign in at, for accounts of many tenants. No token has one of them in its issuer. */
const PLACES = ['common', 'organizations', 'consumers']

/** The `iss` of a tenant's tokens. */
export function toEntraIssuer({ tenant, version }: EntraIssuer): string {
  return version === '1.0'
    ? `https://sts.windows.net/${tenant}/`
    : `https://login.microsoftonline.com/${tenant}/v2.0`
}

/** The tenant and the version of an `iss`; `undefined` if it is no issuer of Entra. */
export function parseEntraIssuer(iss: string): EntraIssuer | undefined {
  for (const [version, pattern] of PATTERNS) {
    const tenant = pattern.exec(iss)?.[1]
    if (tenant !== undefined) return { tenant, version }
  }
  return undefined
}

/** Where the keys are. @param place - a tenant, or `common` for those of all tenants */
export function toEntraKeys(place: string, version: EntraVersion): string {
  const folder = version === '1.0' ? 'discovery' : 'discovery/v2.0'
  return `https://login.microsoftonline.com/${place}/${folder}/keys`
}

/** Reads the IDs of tenants. @throws {@link ConfigError} for anything else, with the cure */
export function readTenants(value: unknown): readonly string[] {
  if (value === undefined) {
    throw new ConfigError(
      '"tenantId" must be given: the ID of your directory, or a list of IDs. "any" accepts every tenant of Microsoft',
    )
  }
  const tenants = readTexts('tenantId', value).map((text) => text.toLowerCase())
  for (const tenant of tenants) {
    if (!ONLY_GUID.test(tenant)) throw notATenant(tenant)
  }
  return [...new Set(tenants)]
}

function notATenant(text: string): ConfigError {
  if (PLACES.includes(text)) {
    return new ConfigError(
      '"tenantId" cannot be common, organizations or consumers: list the IDs of the tenants that you accept. "any" accepts every tenant of Microsoft',
    )
  }
  if (text === 'any') {
    return new ConfigError('"tenantId" must be "any" alone, or a list of IDs: not both')
  }
  return new ConfigError(
    '"tenantId" must be the directory (tenant) ID, such as 11111111-2222-3333-4444-555555555555: tokens have the ID, and not a domain',
  )
}

/** Reads the ID of an API, for tokens that have nothing else in `aud`. @throws {@link ConfigError} for a URI */
export function readApplicationIds(value: string | readonly string[]): readonly string[] {
  const ids = readTexts('audience', value).map((text) => text.toLowerCase())
  if (ids.every((id) => ONLY_GUID.test(id))) return ids
  throw new ConfigError(
    '"audience" must be the application (client) ID of your API: tokens of version 2.0 have no other. For the application ID URI (api://…), "version" is "1.0"',
  )
}
