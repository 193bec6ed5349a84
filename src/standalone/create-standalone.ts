/**
 * The standalone authorizer: a verifier and a handler, configured only by environment variables.
 */
import {
  type AuthorizerHandler,
  type AuthorizerResponse,
  createAuthorizer,
} from '../lambda-authorizer/index.ts'
import { createVerifier, type VerifierOptions } from '../verify/index.ts'
import { toLogLine } from './log-line.ts'
import { nameVariables } from './name-variables.ts'
import { type Environment, readEnvironment } from './settings.ts'

/** The side effects of the authorizer. */
export interface StandaloneEffects extends Pick<VerifierOptions, 'fetch' | 'now'> {
  /** Writes one line to the log. */
  readonly log: (line: string) => void
}

/** The handler and its initialization. */
export interface Standalone {
  readonly handler: AuthorizerHandler<AuthorizerResponse>
  /** Loads the keys. Never rejects: if it fails, calls fetch the keys. */
  readonly initialize: () => Promise<void>
}

/** @throws `ConfigError` that names the invalid variable */
export function createStandalone(
  env: Environment,
  { log, fetch, now }: StandaloneEffects,
): Standalone {
  const { trusted, isList, authorizer } = readEnvironment(env)
  const onEvent = (event: Parameters<typeof toLogLine>[0]): void => log(toLogLine(event))
  const verifier = nameVariables(() => createVerifier(trusted, { fetch, now, onEvent }), isList)
  const handler = nameVariables(() => createAuthorizer(verifier, { ...authorizer, onEvent }))
  return { handler, initialize: () => verifier.hydrate().catch(() => undefined) }
}
