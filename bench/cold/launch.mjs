/**
 * A cold start: a new process that loads an authorizer and handles one event.
 */
import { writeSync } from 'node:fs'

const [, , file, event, expected] = process.argv
const before = performance.now()
const { handler } = await import(file)
const answer = await handler(JSON.parse(event))
const millis = performance.now() - before
if (String(answer?.isAuthorized) !== expected) throw new Error('not what was expected')
writeSync(1, JSON.stringify({ millis, kilobytes: process.resourceUsage().maxRSS }))
// like Lambda, which does not wait for idle sockets
process.exit()
