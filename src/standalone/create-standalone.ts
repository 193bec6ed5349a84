/**
 * The standalone authorizer: a verifier and a handler, made of variables and nothing else.
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

/** What it does to the world. */
export interface StandaloneEffects extends Pick<VerifierOptions, 'fetch' | 'now'> {
  /** Writes one line to the log. */
  readonly log: (line: string) => void
}

/** The handler, and what is to be done before its first call. */
export interface Standalone {
  readonly handler: AuthorizerHandler<AuthorizerResponse>
  /** Loads the keys, where it can. Never rejects: without keys, calls fetch them. */
  readonly initialize: () => Promise<void>
}

/** @throws `ConfigError` that names the variable that is wrong */
export function createStandalone(
  env: Environment,
  { log, fetch, now }: StandaloneEffects,
): Standalone {
  const { trusted, authorizer } = readEnvironment(env)
  const onEvent = (event: Parameters<typeof toLogLine>[0]): void => log(toLogLine(event))
  return nameVariables(() => {
    const verifier = createVerifier(trusted, { fetch, now, onEvent })
    const handler = createAuthorizer(verifier, { ...authorizer, onEvent })
    return { handler, initialize: () => verifier.hydrate().catch(() => undefined) }
  })
}
