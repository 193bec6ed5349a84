/**
 * The ARN of a request. Its end is a path that the client chose, in which `*` and `?` would be wildcards and `${` a
 * variable once it stood in a policy: so the ARN is split into its parts, and none but checked ones are used.
 */
import { ConfigError } from '../verify/index.ts'

/** The API and the stage that a request is for. */
export interface ExecuteApiArn {
  readonly partition: string
  readonly region: string
  readonly accountId: string
  readonly apiId: string
  readonly stage: string
}

// the first five colons and the first slash; emulators have names for the account and the API
const PARTS =
  /^arn:([a-z0-9-]{1,32}):execute-api:([a-z0-9-]{1,32}):([\w-]{1,64}):([\w-]{1,64})\/([\w-]{1,128}|\$default)(?:\/|$)/

/**
 * Splits `arn:{partition}:execute-api:{region}:{account}:{api}/{stage}/…`.
 * @throws {@link ConfigError} for anything else
 */
export function parseExecuteApiArn(arn: string | undefined): ExecuteApiArn {
  const parts = PARTS.exec(arn ?? '')
  if (parts === null) throw new ConfigError('The event has no ARN of an API and its stage')
  const [, partition = '', region = '', accountId = '', apiId = '', stage = ''] = parts
  return { partition, region, accountId, apiId, stage }
}

/** A pattern for every request to the stage: `*` stands for any number of path segments. */
export function toStageArn(arn: ExecuteApiArn): string {
  const { partition, region, accountId, apiId, stage } = arn
  return `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${stage}/*`
}
