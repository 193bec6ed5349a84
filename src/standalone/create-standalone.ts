/**
 * The standalone authorizer: a verifier and a handler, configured only by environment variables.
 */
import {
  type AuthorizerHandler,
  type AuthorizerResponse,
  createAuthorizer,
} from '../lambda-authorizer/index.ts'
import type { DynamoDbClient } from '../stores/index.ts'
import { createVerifier, type VerifierOptions } from '../verify/index.ts'
import { type StandaloneEvent, toLogLine } from './log-line.ts'
import { LISTED, nameVariables } from './name-variables.ts'
import { type Environment, readEnvironment } from './settings.ts'
import { readStores } from './stores.ts'

/** The side effects of the authorizer. */
export interface StandaloneEffects extends Pick<VerifierOptions, 'fetch' | 'now'> {
  /** Writes one line to the log. */
  readonly log: (line: string) => void
  /** Connects to DynamoDB. @defaultValue by the AWS SDK of the runtime */
  readonly dynamoDb?: () => DynamoDbClient
}

/** The handler and its initialization. */
export interface Standalone {
  readonly handler: AuthorizerHandler<AuthorizerResponse>
  /** Loads the keys, and what was revoked. Never rejects: if it fails, calls load them. */
  readonly initialize: () => Promise<void>
}

/** @throws `ConfigError` that names the invalid variable */
export function createStandalone(env: Environment, effects: StandaloneEffects): Standalone {
  const { log, fetch, now, dynamoDb } = effects
  const { values, trusted, isList, authorizer } = readEnvironment(env)
  const onEvent = (event: StandaloneEvent): void => log(toLogLine(event))
  const stores = readStores(values, { dynamoDb, now, onEvent })
  const verifier = nameVariables(
    () => createVerifier(trusted, { fetch, now, onEvent, ...stores }),
    isList ? LISTED : undefined,
  )
  const handler = nameVariables(() => createAuthorizer(verifier, { ...authorizer, onEvent }))
  return { handler, initialize: () => verifier.hydrate().catch(() => undefined) }
}
