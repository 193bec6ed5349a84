/**
 * A cold start: a fresh process that loads an authorizer and answers one event.
 */
import { writeSync } from 'node:fs'

const [, , file, event, expected] = process.argv
const before = performance.now()
const { handler } = await import(file)
const answer = await handler(JSON.parse(event))
const millis = performance.now() - before
if (String(answer?.isAuthorized) !== expected) throw new Error('not what was expected')
writeSync(1, JSON.stringify({ millis, kilobytes: process.resourceUsage().maxRSS }))
// as Lambda does, which waits for no idle socket
process.exit()
