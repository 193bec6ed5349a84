/**
 * Allowed in an adapter: import the two public modules of the core, and the types of its platform.
 */
import type { Context } from 'aws-lambda'
import { start } from '../verify/adapter-kit.ts'
import { Refresher } from '../verify/index.ts'

export const refresher: Refresher = new Refresher()
export const handler = async (_event: unknown, context: Context): Promise<string> => {
  await start()
  return context.functionName
}
