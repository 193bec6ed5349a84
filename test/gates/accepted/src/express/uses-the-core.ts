/**
 * Allowed in an adapter: import the two public modules of the core, and the types of its framework.
 */
import type { RequestHandler } from 'express'
import { start } from '../verify/adapter-kit.ts'
import { Refresher } from '../verify/index.ts'

export const refresher: Refresher = new Refresher()
export const handler: RequestHandler = (_req, _res, next) => void start().then(next, next)
