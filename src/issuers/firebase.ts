/**
 * Firebase Authentication and Identity Platform: ID tokens of a project.
 */
import { type OptionNames, readOptions } from '../verify/adapter-kit.ts'
import { ConfigError, type JwtClaims, type TrustedIssuer } from '../verify/index.ts'
import { PRESET_OPTIONS, type PresetOptions, readText, toCommon, toKeys } from './preset.ts'

/** The options of `firebase()`. */
export interface FirebaseOptions<Claims = FirebaseClaims> extends PresetOptions<Claims> {
  /** The ID of the project, such as `shop-1a2b3`: neither its name nor its number. Required. */
  readonly projectId: string
}

/** The claims of an ID token of Firebase. */
export interface FirebaseClaims extends JwtClaims {
  /** The user (UID). */
  readonly sub: string
  readonly aud: string
  readonly iat: number
  readonly auth_time: number
  readonly email?: string
  readonly email_verified?: boolean
  readonly phone_number?: string
  readonly firebase?: {
    /** How the user signed in: `password`, `google.com`, `anonymous`… */
    readonly sign_in_provider?: string
    /** The tenant, in a project with several. */
    readonly tenant?: string
    readonly identities?: Readonly<Record<string, unknown>>
  }
}

const OPTIONS: OptionNames<FirebaseOptions> = { ...PRESET_OPTIONS, projectId: true }
// 6 to 30 characters today; older projects may belong to a domain
const PROJECT_ID = /^(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]*[a-z0-9]$/
const KEYS =
  'https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com'

/**
 * Describes a Firebase project, for its ID tokens, which Firebase apps send to their back ends.
 *
 * Anonymous users and users of every tenant pass: restrict them by the claim `firebase`. Accepts RS256, the one algorithm that
 * Firebase uses; tokens of its emulator have no signature and are rejected.
 *
 * @example
 * ```ts
 * createVerifier(firebase({ projectId: 'shop-1a2b3' }))
 * ```
 * @param options - the project
 * @returns the trusted issuer, for `createVerifier`
 * @throws `ConfigError` that names the invalid option
 */
export function firebase<Claims = FirebaseClaims>(
  options: FirebaseOptions<Claims>,
): TrustedIssuer<NoInfer<Claims>> {
  const own = readOptions('firebase()', options, OPTIONS as OptionNames<FirebaseOptions<Claims>>)
  const projectId = readText('projectId', own.projectId)
  if (!PROJECT_ID.test(projectId)) {
    throw new ConfigError('"projectId" must be the ID of a project, such as shop-1a2b3')
  }
  return {
    ...toCommon(own),
    requiredClaims: ['sub', 'auth_time', ...(own.requiredClaims ?? [])],
    issuer: `https://securetoken.google.com/${projectId}`,
    ...toKeys(own.jwks, KEYS),
    audience: projectId,
    algorithms: ['RS256'],
    claims: own.claims,
  }
}
