/**
 * GitHub Actions: ID tokens that a job of a workflow asks for, with any audience that it likes.
 */
import { type OptionNames, readOptional, readOptions } from '../verify/adapter-kit.ts'
import { ConfigError, type JwtClaims, type TrustedIssuer } from '../verify/index.ts'
import {
  assertOneOf,
  PRESET_OPTIONS,
  type PresetOptions,
  readTexts,
  toCommon,
  toKeys,
  withRule,
} from './preset.ts'

/** The options of `githubActions()`. */
export interface GithubActionsOptions<Claims = GithubActionsClaims> extends PresetOptions<Claims> {
  /** The audience that your workflows ask for. Required. It is no secret: every workflow on GitHub can ask for it. */
  readonly audience: string | readonly string[]
  /**
   * The accepted repositories, such as `octo-org/octo-repo`. Required, unless `repositoryOwner` or `enterprise` is given.
   *
   * Security: `null` turns the check off. Workflows of every repository on GitHub then pass.
   */
  readonly repository?: string | readonly string[] | null | undefined
  /** The accepted owners: organizations and users. @defaultValue not checked */
  readonly repositoryOwner?: string | readonly string[] | undefined
  /** The slug of the enterprise, if it has an issuer of its own. @defaultValue the issuer of all of GitHub */
  readonly enterprise?: string | undefined
}

/** The claims of an ID token of GitHub Actions. All of them are strings, except the times. */
export interface GithubActionsClaims extends JwtClaims {
  /** Such as `repo:octo-org/octo-repo:environment:prod`; its form can be configured. */
  readonly sub: string
  readonly iat: number
  readonly jti: string
  readonly repository: string
  readonly repository_id: string
  readonly repository_owner: string
  readonly repository_owner_id: string
  readonly repository_visibility?: 'public' | 'private' | 'internal'
  /** The branch or tag, such as `refs/heads/main`. */
  readonly ref: string
  readonly ref_type?: string
  readonly ref_protected?: string
  readonly sha?: string
  readonly event_name: string
  readonly environment?: string
  readonly actor: string
  readonly actor_id: string
  readonly workflow: string
  readonly workflow_ref?: string
  readonly job_workflow_ref?: string
  readonly run_id: string
  readonly run_attempt: string
  readonly runner_environment?: 'github-hosted' | 'self-hosted'
}

const OPTIONS: OptionNames<GithubActionsOptions> = {
  ...PRESET_OPTIONS,
  audience: true,
  repository: true,
  repositoryOwner: true,
  enterprise: true,
}
const ISSUER = 'https://token.actions.githubusercontent.com'
const NAME = '[A-Za-z0-9](?:[\\w-]*[A-Za-z0-9])?'

/**
 * Describes GitHub Actions as the issuer of ID tokens of jobs.
 *
 * Names of repositories and owners are compared exactly, and can be taken over when a repository or an owner is renamed or deleted:
 * also compare `repository_id` or `repository_owner_id`, with an access rule. Accepts RS256, the one algorithm that GitHub uses.
 *
 * @example
 * ```ts
 * createVerifier(githubActions({ audience: 'https://api.example.com', repository: 'octo-org/octo-repo' }))
 * ```
 * @param options - the audience and the repositories
 * @returns the trusted issuer, for `createVerifier`
 * @throws `ConfigError` that names the invalid option
 */
export function githubActions<Claims = GithubActionsClaims>(
  options: GithubActionsOptions<Claims>,
): TrustedIssuer<NoInfer<Claims>> {
  const own = readOptions(
    'githubActions()',
    options,
    OPTIONS as OptionNames<GithubActionsOptions<Claims>>,
  )
  const { enterprise, repositoryOwner } = own
  const repositories = own.repository === null ? undefined : readRepositories(own.repository)
  const owners = readOptional(readOwners, 'repositoryOwner', repositoryOwner)
  if (own.repository === undefined && owners === undefined && enterprise === undefined) {
    throw new ConfigError(
      '"repository" or "repositoryOwner" must be given: without one, every workflow on GitHub would pass, because it chooses the audience. "repository": null switches the check off',
    )
  }
  const issuer = enterprise === undefined ? ISSUER : `${ISSUER}/${readSlug(enterprise)}`
  return {
    ...toCommon(own),
    issuer,
    ...toKeys(own.jwks, `${issuer}/.well-known/jwks`),
    audience: readTexts('audience', own.audience),
    algorithms: ['RS256'],
    claims: withRule((claims) => {
      assertOneOf(claims, 'repository', repositories)
      assertOneOf(claims, 'repository_owner', owners, 'repositoryOwner')
    }, own.claims),
  }
}

function readRepositories(value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined
  return readNames('repository', value, new RegExp(`^${NAME}/[\\w.-]+$`), 'octo-org/octo-repo')
}

function readOwners(option: string, value: unknown): readonly string[] {
  return readNames(option, value, new RegExp(`^${NAME}$`), 'octo-org')
}

function readSlug(value: unknown): string {
  return readNames(
    'enterprise',
    [value],
    /^[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?$/,
    'octo-enterprise',
  )[0] as string
}

function readNames(
  option: string,
  value: unknown,
  pattern: RegExp,
  example: string,
): readonly string[] {
  const names = readTexts(option, value)
  if (names.every((name) => pattern.test(name))) return names
  throw new ConfigError(
    `"${option}" must have names such as ${example}, without a URL or a pattern`,
  )
}
