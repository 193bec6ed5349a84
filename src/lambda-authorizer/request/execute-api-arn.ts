/**
 * The ARN of a request. Its end is a path that the client chose, in which `*` and `?` would be wildcards and `${` a
 * variable once it stood in a policy: so the ARN is split into its parts, and none but checked ones are used.
 */
import { ConfigError } from '../../verify/index.ts'

/** The API and the stage that a request is for. */
export interface ExecuteApiArn {
  readonly partition: string
  readonly region: string
  readonly accountId: string
  readonly apiId: string
  readonly stage: string
  /** The rest, as the client sent it: the method and the path, or `$connect`. Never to be copied into a policy. */
  readonly request: string
}

// the first five colons and the first slash; emulators have names for the account and the API
const PARTS =
  /^arn:([a-z0-9-]{1,32}):execute-api:([a-z0-9-]{1,32}):([\w-]{1,64}):([\w-]{1,64})\/([\w-]{1,128}|\$default)(?:$|\/)(.*)/s

type Parts = [string, string, string, string, string, string]

/**
 * Splits `arn:{partition}:execute-api:{region}:{account}:{api}/{stage}/…`.
 * @throws {@link ConfigError} for anything else
 */
export function parseExecuteApiArn(arn: string | undefined): ExecuteApiArn {
  const match = PARTS.exec(String(arn))
  if (match === null) throw new ConfigError('The event has no ARN of an API and its stage')
  const [partition, region, accountId, apiId, stage, request] = match.slice(1) as Parts
  return { partition, region, accountId, apiId, stage, request }
}

/** A pattern for every request to the stage: `*` stands for any number of path segments. */
export function toStageArn(arn: ExecuteApiArn): string {
  return toArn(arn, '*')
}

/** A pattern for some requests to the stage. @param pattern - the method and the path; a star crosses slashes */
export function toArn(arn: ExecuteApiArn, pattern: string): string {
  const { partition, region, accountId, apiId, stage } = arn
  return `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${stage}/${pattern}`
}

/**
 * A pattern for the same requests to every API and stage, which is short. To be denied only: it says no more of this API, whose
 * identifier and stage hold neither slashes nor anything that such a pattern looks for.
 * @param pattern - the method and the path, beginning with a star
 */
export function toWideArn({ partition }: ExecuteApiArn, pattern: string): string {
  return `arn:${partition}:execute-api:*:*:*/*/${pattern}`
}

/** The one request of an ARN, as a pattern; `undefined` where it holds something that a policy would read as more. */
export function toRequestArn(arn: ExecuteApiArn): string | undefined {
  return /[*?]|\$\{/.test(arn.request) ? undefined : toArn(arn, arn.request)
}
