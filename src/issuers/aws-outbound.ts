/**
 * IAM outbound identity federation: tokens of `GetWebIdentityToken`, with which AWS workloads sign in elsewhere.
 */
import { type OptionNames, readOptional, readOptions } from '../verify/adapter-kit.ts'
import { ConfigError, type JwtClaims, type TrustedIssuer } from '../verify/index.ts'
import {
  assertValue,
  PRESET_OPTIONS,
  type PresetOptions,
  readDomain,
  readTexts,
  toCommon,
  withRule,
} from './preset.ts'

/** The options of `awsOutbound()`. */
export interface AwsOutboundOptions<Claims = AwsOutboundClaims> extends PresetOptions<Claims> {
  /**
   * The issuer URL of the account, as the IAM console shows it in the account settings; several for several accounts. Required.
   * It does not contain the number of the account.
   */
  readonly issuerUrl: string | readonly string[]
  /** The audience that your workloads ask for. Required. It is no secret: every principal of the account can ask for it. */
  readonly audience: string | readonly string[]
  /** The accepted AWS accounts, of 12 digits each (`aws_account`), as a second check. @defaultValue not checked */
  readonly accountId?: string | readonly string[] | undefined
}

/** The name of the claim with everything that is specific to AWS. */
const AWS = 'https://sts.amazonaws.com/'

/** The claims of a token of IAM outbound identity federation. */
export interface AwsOutboundClaims extends JwtClaims {
  /** The ARN of the IAM principal, such as `arn:aws:iam::123456789012:role/Orders`. */
  readonly sub: string
  readonly iat: number
  readonly jti: string
  readonly 'https://sts.amazonaws.com/': {
    readonly aws_account: string
    readonly source_region?: string
    readonly org_id?: string
    readonly ou_path?: string
    readonly principal_tags?: Readonly<Record<string, string>>
    /** What the workload itself has added: a statement of its own. */
    readonly request_tags?: Readonly<Record<string, string>>
    readonly lambda_source_function_arn?: string
    readonly ec2_instance_source_vpc?: string
    readonly [claim: string]: unknown
  }
}

const OPTIONS: OptionNames<AwsOutboundOptions> = {
  ...PRESET_OPTIONS,
  issuerUrl: true,
  audience: true,
  accountId: true,
}

/**
 * Describes AWS accounts whose workloads call you with tokens of `sts:GetWebIdentityToken`.
 *
 * Every IAM principal of the account that may call `sts:GetWebIdentityToken` passes: restrict them by `sub`, with an access rule.
 * Accepts RS256 and ES384.
 *
 * @example
 * ```ts
 * createVerifier(
 *   awsOutbound({ issuerUrl: 'https://1234abcd.tokens.sts.global.api.aws', audience: 'https://api.example.com' }),
 * )
 * ```
 * @param options - the issuers and the audience
 * @returns the trusted issuers, for `createVerifier`
 * @throws `ConfigError` that names the invalid option
 */
export function awsOutbound<Claims = AwsOutboundClaims>(
  options: AwsOutboundOptions<Claims>,
): readonly TrustedIssuer<NoInfer<Claims>>[] {
  const own = readOptions(
    'awsOutbound()',
    options,
    OPTIONS as OptionNames<AwsOutboundOptions<Claims>>,
  )
  if (own.issuerUrl === undefined) {
    throw new ConfigError(
      '"issuerUrl" must be given: it does not follow from the number of the account. Run aws iam get-outbound-web-identity-federation-info',
    )
  }
  const issuers = readTexts('issuerUrl', own.issuerUrl)
  const audience = readTexts('audience', own.audience)
  const accounts = readOptional(readAccounts, 'accountId', own.accountId)
  const claims = withRule((found) => assertAccount(found, accounts), own.claims)
  return issuers.map((text) => ({
    ...toCommon(own),
    issuer: `https://${readDomain('issuerUrl', text, '1234abcd.tokens.sts.global.api.aws')}`,
    jwks: own.jwks,
    audience,
    algorithms: ['RS256', 'ES384'] as const,
    claims,
  }))
}

function assertAccount(claims: JwtClaims, accounts: readonly string[] | undefined): void {
  const aws = claims[AWS]
  const found = typeof aws === 'object' && aws !== null && 'aws_account' in aws && aws.aws_account
  if (accounts === undefined) return
  assertValue(AWS, found === false ? undefined : found, accounts, 'accountId')
}

function readAccounts(option: string, value: unknown): readonly string[] {
  const accounts = readTexts(option, value).map((text) => text.replaceAll('-', ''))
  if (accounts.every((account) => /^\d{12}$/.test(account))) return accounts
  throw new ConfigError(`"${option}" must be the number of an AWS account: a string of 12 digits`)
}
