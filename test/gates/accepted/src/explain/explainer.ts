/**
 * The only file of the explanations that may read the environment.
 */
import { Refresher } from '../verify/index.ts'

export const refresher: unknown =
  process.env['NODE_ENV'] === 'production' ? undefined : new Refresher()
