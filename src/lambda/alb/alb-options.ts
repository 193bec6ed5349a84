/**
 * The options of `alb`, read once at construction.
 */
import {
  assertFilledIn,
  assertNoDocument,
  type OptionNames,
  readOptions,
  readString,
  readStrings,
  toSecureUrl,
} from '../../verify/adapter-kit.ts'
import { ConfigError, type StandardSchemaV1, type VerifierOptions } from '../../verify/index.ts'
import { readSchema, readVerifierOptions, type VerifierSettings } from '../../verify/token-kit.ts'
import type { AlbClaims } from './alb.ts'

/** The load balancer whose tokens are accepted, and the client that it signs users in with. */
export interface AlbOptions<Claims = AlbClaims> {
  /**
   * The ARN of the load balancer, or of several. Required.
   *
   * Security: the keys of a region sign for the load balancers of all accounts. Only this tells yours from those of an attacker.
   */
  readonly loadBalancerArn: string | readonly string[]
  /**
   * The client ID of the listener's `authenticate-oidc` or `authenticate-cognito` action, or of several. Required.
   *
   * Security: `null` turns the check off. Users who signed in to another app of the same load balancer then pass.
   */
  readonly clientId: string | readonly string[] | null
  /** The issuer of the action: that of the user pool, or of the OpenID Connect provider. Required. */
  readonly issuer: string
  /**
   * Where the keys are, without the slash and the key ID at the end: an https URL (or http on loopback). It is needed only in
   * partitions other than `aws`, `aws-us-gov` and `aws-cn`.
   * @defaultValue the address of the region that `loadBalancerArn` names
   */
  readonly publicKeysUrl?: string | undefined
  /** A Standard Schema (zod, valibot, arktype…) that validates and types the claims. It must be pure. @defaultValue none */
  readonly claims?: StandardSchemaV1<unknown, Claims> | undefined
}

/** The options of the verifier that have a meaning here. */
export type AlbVerifierOptions<Claims = AlbClaims> = Pick<
  VerifierOptions<Claims>,
  'check' | 'clockToleranceSeconds' | 'fetch' | 'jwks' | 'maxTokenBytes' | 'now' | 'threadPoolSize'
>

/** Validated options. */
export interface AlbSettings {
  /** By ARN, the URL of its keys, with a slash at the end. */
  readonly signers: ReadonlyMap<string, string>
  readonly clients: ReadonlySet<string> | null
  readonly issuer: string
  readonly schema: StandardSchemaV1 | undefined
  readonly verifier: VerifierSettings
}

const OPTIONS: OptionNames<AlbOptions> = {
  loadBalancerArn: true,
  clientId: true,
  issuer: true,
  publicKeysUrl: true,
  claims: true,
}
const VERIFIER_OPTIONS: OptionNames<AlbVerifierOptions> = {
  check: true,
  clockToleranceSeconds: true,
  fetch: true,
  jwks: true,
  maxTokenBytes: true,
  now: true,
  threadPoolSize: true,
}
const ARN =
  /^arn:(aws[a-z-]{0,20}):elasticloadbalancing:([a-z]{2,6}(?:-[a-z]{2,12}){1,3}-\d{1,2}):\d{12}:loadbalancer\/app\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16}$/

/** @throws {@link ConfigError} that names the invalid option */
export function readAlbOptions(
  given: AlbOptions<unknown>,
  options: AlbVerifierOptions<never>,
): AlbSettings {
  const { loadBalancerArn, clientId, issuer, publicKeysUrl, claims } = readOptions(
    'the first argument of alb()',
    given,
    OPTIONS,
  )
  const keysUrl = publicKeysUrl === undefined ? undefined : readKeysUrl(publicKeysUrl)
  const arns = readStrings('loadBalancerArn', loadBalancerArn)
  return {
    signers: new Map(arns.map((arn) => [arn, toKeysUrl(arn, keysUrl)])),
    clients: readClients(clientId),
    issuer: readIssuer(issuer),
    schema: readSchema(claims),
    verifier: readVerifierOptions(readOptions('alb()', options, VERIFIER_OPTIONS)),
  }
}

function readIssuer(value: unknown): string {
  const issuer = readString('issuer', value)
  assertFilledIn('issuer', issuer)
  assertNoDocument(issuer)
  return issuer
}

function readClients(clientId: AlbOptions['clientId'] | undefined): ReadonlySet<string> | null {
  if (clientId === null) return null
  if (clientId !== undefined) return new Set(readStrings('clientId', clientId))
  throw new ConfigError(
    '"clientId" must be given: without it, users of another app behind the load balancer would pass. null switches the check off',
  )
}

/** AWS documents an address for each region of these partitions. */
function toKeysUrl(arn: string, given: string | undefined): string {
  // Stryker disable next-line ArrayDeclaration: a list of one text has no region either
  const [, partition, region] = ARN.exec(arn) ?? []
  if (region === undefined) {
    throw new ConfigError(
      '"loadBalancerArn" must be the ARN of an Application Load Balancer: arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/app/{name}/{id}',
    )
  }
  if (given !== undefined) return given
  if (partition === 'aws') return `https://public-keys.auth.elb.${region}.amazonaws.com/`
  if (partition === 'aws-cn') return `https://public-keys.auth.elb.${region}.amazonaws.com.cn/`
  if (partition === 'aws-us-gov') {
    return `https://s3-${region}.amazonaws.com/aws-elb-public-keys-prod-${region}/`
  }
  throw new ConfigError(
    '"publicKeysUrl" must be given in this partition: the address of the public keys, without the key ID',
  )
}

function readKeysUrl(value: unknown): string {
  const text = readString('publicKeysUrl', value)
  const url = toSecureUrl(text)
  if (url === undefined || /[?#]/.test(text)) {
    throw new ConfigError(
      '"publicKeysUrl" must be an https URL without user info, query and fragment, or http on a loopback host',
    )
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`
}
