/**
 * The entry of `lambda-authorizer.zip`: a Lambda authorizer that is set up by environment variables alone.
 */
import { createStandalone } from './create-standalone.ts'

const standalone = createStandalone(process.env, { log: (line) => console.log(line) })

// in the init phase, which has a whole processor; the first call then waits for nothing
await standalone.initialize()

export const handler = standalone.handler
