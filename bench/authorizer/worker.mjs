/**
 * One contender in a separate process. Its events are parsed before they are measured: each is a new object with new strings, as
 * Lambda delivers them.
 */
import { answerMessages, readInput } from '../measure/child.mjs'
import { mainThreadMicros } from '../measure/cpu-time.mjs'
import { readSetup, readTokens } from '../measure/fixtures.mjs'
import { importLibrary } from '../measure/library.mjs'
import { CONTENDERS } from './contenders.mjs'

const EVENTS = 500
const HEADERS = {
  Host: 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com',
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64)',
  Accept: 'application/json',
  'Accept-Encoding': 'gzip, deflate, br',
  'Accept-Language': 'en',
  'X-Amzn-Trace-Id': 'Root=1-67a1b2c3-0123456789abcdef01234567',
  'X-Forwarded-For': '192.0.2.1',
  'X-Forwarded-Port': '443',
  'X-Forwarded-Proto': 'https',
}

const { folder, name } = readInput()
const [token] = readTokens(folder, 'RS256', 1)
const bytes = Buffer.from(token, 'latin1')
const { create, takesToken = false } = CONTENDERS[name]
const run = await create(readSetup(folder, 'RS256'))
const json = await toJson()
const next = takesToken ? () => bytes.toString('latin1') : () => JSON.parse(json)
if (!takesToken) await assertAllows()

answerMessages({}, work)

/** Calls until the time is over and at least `atLeast` calls are made. Only the calls count. */
async function work({ forMs, atLeast = 0 }) {
  const until = performance.now() + forMs
  let [count, ms, micros] = [0, 0, 0]
  do {
    const inputs = Array.from({ length: EVENTS }, next)
    const [before, cpuBefore] = [performance.now(), mainThreadMicros()]
    for (const input of inputs) await run(input)
    ms += performance.now() - before
    micros += mainThreadMicros() - cpuBefore
    count += EVENTS
  } while (performance.now() < until || count < atLeast)
  return { count, ms, micros }
}

async function toJson() {
  const { createAuthorizerEvent } = await importLibrary('testing')
  const request = { token, path: '/orders0/7', resource: '/orders0/{id}', headers: HEADERS }
  return JSON.stringify(createAuthorizerEvent('rest-request', request))
}

/** An authorizer that denies would be fast for the wrong reason. */
async function assertAllows() {
  const { policyDocument, context } = await run(next())
  const [{ Effect, Resource }] = policyDocument.Statement
  const isAllowed = [Resource].flat().some((one) => /\/prod\/(?:GET\/orders0\/)?\*$/.test(one))
  if (Effect !== 'Allow' || !isAllowed || !context.jwt)
    throw new Error(`${name} denies the request`)
}
