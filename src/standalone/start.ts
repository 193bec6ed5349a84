/**
 * What both builds of the zip export.
 */
import type { AuthorizerHandler, AuthorizerResponse } from '../lambda-authorizer/index.ts'
import { createStandalone } from './create-standalone.ts'
import type { Environment } from './settings.ts'

/** Creates the authorizer. The init phase has a full CPU, so the first call does not wait for keys. */
export async function start(
  env: Environment,
  log: (line: string) => void,
): Promise<AuthorizerHandler<AuthorizerResponse>> {
  const { handler, initialize } = createStandalone(env, { log })
  await initialize()
  return handler
}
