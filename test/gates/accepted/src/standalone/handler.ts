/**
 * The only file that may read the environment and print. It imports the core and the authorizer by their public modules.
 */
import { handler as authorizer } from '../lambda-authorizer/index.ts'
import { Refresher } from '../verify/index.ts'

console.log(new Refresher())

export const handler: unknown = process.env['JWT_GATE_USER_POOL_ID'] ? authorizer : undefined
