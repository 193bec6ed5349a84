/**
 * The entry point of `lambda-authorizer.zip`: a Lambda authorizer that is configured only by environment variables. Most set-ups
 * need two thirds of the code, and a cold start then reads no more.
 */
import type { start } from './start.ts'
import { needsWhole } from './whole.ts'

interface Build {
  readonly start: typeof start
}

const file = needsWhole(process.env) ? './whole.mjs' : './slim.mjs'
const build: Build = await import(file)

export const handler = await build.start(process.env, (line) => console.log(line))
