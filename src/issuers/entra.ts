/**
 * Microsoft Entra ID: access tokens of version 1.0 and 2.0, for one tenant, several, or any.
 */
import { type OptionNames, readOptions } from '../verify/adapter-kit.ts'
import {
  ConfigError,
  type JwtClaims,
  type ResolvedIssuer,
  TokenError,
  type TrustedIssuer,
} from '../verify/index.ts'
import type { EntraClaims } from './entra-claims.ts'
import {
  type EntraVersion,
  parseEntraIssuer,
  readApplicationIds,
  readTenants,
  toEntraIssuer,
  toEntraKeys,
} from './entra-tenants.ts'
import {
  assertAccessToken,
  PRESET_OPTIONS,
  type PresetOptions,
  readFilledIn,
  toCommon,
  toKeys,
  withRule,
} from './preset.ts'

type Texts = string | readonly string[]

/** The options of `entra()`. */
export interface EntraOptions<
  Tenant extends Texts = Texts,
  Version extends EntraVersion = EntraVersion,
  Claims = EntraClaims<Version>,
> extends PresetOptions<Claims> {
  /**
   * The directory (tenant) ID, or a list of them. Required. The domain of a tenant does not do: tokens have the ID.
   *
   * Security: `'any'` accepts tokens of every tenant of Microsoft, including personal accounts. Anybody can create a tenant, and is
   * its administrator. Your code must then decide by `tid` which tenants are customers, and never by an e-mail address.
   */
  readonly tenantId: Tenant
  /**
   * Your API: in tokens of version 2.0 the application (client) ID of its app registration, in version 1.0 also its application ID
   * URI (`api://…`). Required.
   *
   * Security: `null` turns the check off. Tokens for every other API then pass.
   */
  readonly audience: Texts | null
  /**
   * The accepted client applications (`azp`, in version 1.0 `appid`).
   * @defaultValue not checked; then the token must have `scp` or `roles`, because any application of the tenant can get one without
   */
  readonly clientId?: Texts | undefined
  /**
   * The version of the access tokens: `requestedAccessTokenVersion` in the manifest of the API. Where it is `null` there, it is 1.0.
   * @defaultValue `'2.0'`
   */
  readonly version?: Version | undefined
}

const OPTIONS: OptionNames<EntraOptions> = {
  ...PRESET_OPTIONS,
  tenantId: true,
  audience: true,
  clientId: true,
  version: true,
}

/** What `entra()` returns: a list, or for any tenant a function that finds the issuer. */
type EntraTrusted<Tenant, Claims> = Tenant extends 'any'
  ? (issuer: string) => ResolvedIssuer<Claims>
  : readonly TrustedIssuer<Claims>[]

/**
 * Describes tenants of Microsoft Entra ID, for access tokens of your API.
 *
 * ID tokens are rejected, and so are tokens of the other version, with an error that says so. Scopes are read from `scp`; app roles
 * are in `roles`. Accepts RS256, the one algorithm that Entra uses.
 *
 * @example
 * ```ts
 * createVerifier(
 *   entra({
 *     tenantId: '11111111-2222-3333-4444-555555555555',
 *     audience: '66666666-7777-8888-9999-000000000000',
 *   }),
 * )
 * ```
 * @param options - the tenants and the API
 * @returns the trusted issuers; for any tenant, a function. Both are for `createVerifier`
 * @throws `ConfigError` that names the invalid option
 */
export function entra<
  const Tenant extends Texts,
  const Version extends EntraVersion = '2.0',
  Claims = EntraClaims<Version>,
>(options: EntraOptions<Tenant, Version, Claims>): EntraTrusted<Tenant, NoInfer<Claims>>
export function entra<Claims>(
  options: EntraOptions<Texts, EntraVersion, Claims>,
): readonly TrustedIssuer<Claims>[] | ((issuer: string) => ResolvedIssuer<Claims>) {
  const own = readOptions('entra()', options, OPTIONS as OptionNames<typeof options>)
  const version = readVersion(own.version)
  const tenants = own.tenantId === 'any' ? undefined : readTenants(own.tenantId)
  // the keys of all tenants are in one place
  const place = tenants?.length === 1 ? (tenants[0] as string) : 'common'
  const wanted = { ...toConditions(own, version), ...toKeys(own.jwks, toEntraKeys(place, version)) }
  if (tenants === undefined) return (issuer) => findIssuer(issuer, version, wanted)
  const accepted = tenants.map((tenant) => ({
    ...wanted,
    issuer: toEntraIssuer({ tenant, version }),
  }))
  return [...accepted, ...toRejected(tenants, place, version, own.jwks)]
}

type Conditions<Claims> = Omit<TrustedIssuer<Claims>, 'issuer'>

function toConditions<Claims>(
  own: EntraOptions<Texts, EntraVersion, Claims>,
  version: EntraVersion,
): Conditions<Claims> {
  const clientId = readFilledIn('clientId', own.clientId)
  const clientIdClaim = version === '1.0' ? 'appid' : 'azp'
  return {
    ...toCommon(own),
    audience: readAudience(own.audience, version),
    ...(clientId !== undefined && { clientId, clientIdClaim }),
    algorithms: ['RS256'],
    claims: withRule((claims) => {
      assertAccessToken(claims, clientIdClaim)
      assertTenant(claims)
      if (clientId === undefined) assertPermission(claims)
    }, own.claims),
  }
}

/** An application that decides by `tid` must be able to rely on it. */
function assertTenant({ iss, tid }: JwtClaims): void {
  if (tid !== undefined && parseEntraIssuer(iss)?.tenant === tid) return
  const reason = tid === undefined ? 'missing' : 'mismatch'
  throw new TokenError('ERR_CLAIM_INVALID', { claim: 'tid', reason })
}

/** Any application of a tenant can get a token for any API without a permission, unless the API requires an assignment. */
function assertPermission({ scp, roles }: JwtClaims): void {
  if ((typeof scp === 'string' && scp !== '') || (Array.isArray(roles) && roles.length > 0)) return
  const expected = { requiredClaims: ['scp', 'roles'] }
  throw new TokenError('ERR_CLAIM_MISSING', { claim: 'scp', reason: 'missing', expected })
}

function findIssuer<Claims>(
  issuer: string,
  version: EntraVersion,
  wanted: Conditions<Claims>,
): TrustedIssuer<Claims> | undefined {
  const found = parseEntraIssuer(issuer)
  if (found === undefined) return undefined
  if (found.version !== version) throw wrongVersion(version)
  return { ...wanted, issuer }
}

/** The same tenants in the other version: none of their tokens passes, and the error says why. */
function toRejected(
  tenants: readonly string[],
  place: string,
  wanted: EntraVersion,
  jwks: TrustedIssuer['jwks'],
): TrustedIssuer<never>[] {
  const version = wanted === '1.0' ? '2.0' : '1.0'
  const keys = toKeys(withoutIssuers(jwks), toEntraKeys(place, version))
  const reject = (): never => {
    throw wrongVersion(wanted)
  }
  return tenants.map((tenant) => ({
    ...keys,
    issuer: toEntraIssuer({ tenant, version }),
    audience: null,
    algorithms: ['RS256'],
    claims: withRule<never>(reject, undefined),
  }))
}

/** The keys sign the tokens of both versions, but those of version 2.0 name its issuer. */
function withoutIssuers(jwks: TrustedIssuer['jwks']): TrustedIssuer['jwks'] {
  // the verifier says what is wrong with anything else
  if (!Array.isArray(jwks?.keys)) return jwks
  const keys = jwks.keys.map((key) =>
    typeof key === 'string' ? key : { ...key, issuer: undefined },
  )
  return { keys }
}

function wrongVersion(wanted: EntraVersion): TokenError {
  const cause = new Error(
    wanted === '2.0'
      ? 'an access token of version 1.0, where 2.0 is accepted: set requestedAccessTokenVersion to 2 in the manifest of the API, or "version" to "1.0"'
      : 'an access token of version 2.0, where 1.0 is accepted: set "version" to "2.0"',
  )
  return new TokenError('ERR_CLAIM_ISSUER', { claim: 'ver', reason: 'mismatch', cause })
}

function readVersion(version: unknown): EntraVersion {
  if (version === undefined) return '2.0'
  if (version === '1.0' || version === '2.0') return version
  throw new ConfigError('"version" must be "1.0" or "2.0"')
}

function readAudience(audience: Texts | null, version: EntraVersion): Texts | null {
  // the verifier says what is wrong with undefined
  if (audience === null || audience === undefined || version === '1.0') {
    return readFilledIn('audience', audience)
  }
  return readApplicationIds(audience)
}
