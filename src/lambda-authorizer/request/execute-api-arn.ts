/**
 * The ARN of a request. The client chose the path at its end. In a policy, `*` and `?` in it would be wildcards, and `${` would
 * start a variable. So the ARN is split into parts, and a policy contains only parts that were checked.
 */
import { isString } from '../../http-request/unknown-object.ts'
import { ConfigError } from '../../verify/index.ts'

/** The API and the stage of a request, and the request. */
export interface ExecuteApiArn {
  readonly partition: string
  readonly region: string
  readonly accountId: string
  readonly apiId: string
  readonly stage: string
  /** The rest, as the client sent it: the method and the path, or `$connect`. Never copy it into a policy unchecked. */
  readonly request: string
}

// the first five colons and the first slash; emulators have names for the account and the API
const PARTS =
  /^arn:([a-z0-9-]{1,32}):execute-api:([a-z0-9-]{1,32}):([\w-]{1,64}):([\w-]{1,64})\/([\w-]{1,128}|\$default)(?:$|\/)(.*)/s

type Parts = [string, string, string, string, string, string]

/** Parses `arn:{partition}:execute-api:{region}:{account}:{api}/{stage}/…`. Returns `undefined` for anything else. */
export function parseExecuteApiArn(arn: unknown): ExecuteApiArn | undefined {
  const match = isString(arn) ? PARTS.exec(arn) : null
  if (match === null) return undefined
  const [partition, region, accountId, apiId, stage, request] = match.slice(1) as Parts
  return { partition, region, accountId, apiId, stage, request }
}

/** @throws {@link ConfigError} if the event has no ARN of an API and its stage */
export function assertArn(arn: ExecuteApiArn | undefined): asserts arn is ExecuteApiArn {
  if (arn === undefined) throw new ConfigError('The event has no ARN of an API and its stage')
}

/** A pattern for every request to the stage: `*` matches any number of path segments. */
export function toStageArn(arn: ExecuteApiArn): string {
  return toArn(arn, '*')
}

/** A pattern for some requests to the stage. @param pattern - the method and the path; `*` also matches slashes */
export function toArn(arn: ExecuteApiArn, pattern: string): string {
  const { partition, region, accountId, apiId, stage } = arn
  return `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${stage}/${pattern}`
}

/**
 * A shorter pattern for the same requests to every API and stage. Use it only to deny. For this API it matches nothing more,
 * because neither its ID nor its stage contains a slash or anything else that such a pattern looks for.
 * @param pattern - the method and the path, beginning with `*`
 */
export function toWideArn({ partition }: ExecuteApiArn, pattern: string): string {
  return `arn:${partition}:execute-api:*:*:*/*/${pattern}`
}

/** A pattern for exactly this request. Returns `undefined` if the path contains a wildcard or a variable. */
export function toRequestArn(arn: ExecuteApiArn): string | undefined {
  return /[*?]|\$\{/.test(arn.request) ? undefined : toArn(arn, arn.request)
}
