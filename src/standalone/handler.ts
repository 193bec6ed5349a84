/**
 * The entry point of `lambda-authorizer.zip`: a Lambda authorizer that is configured only by environment variables.
 */
import { createStandalone } from './create-standalone.ts'

const standalone = createStandalone(process.env, { log: (line) => console.log(line) })

// the init phase has a full CPU, and the first call then does not wait for keys
await standalone.initialize()

export const handler = standalone.handler
