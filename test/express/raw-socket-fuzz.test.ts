/**
 * Requests of random bytes that Node's parser accepts, over raw connections with keep-alive and pipelining. None of them ends the
 * process, hangs, or reaches a protected route without a verified token.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Request } from 'express'
import fc from 'fast-check'
import { cognito, createVerifier } from 'jwt-gate'
import { authErrorHandler, cookieToken, requireAccess, requireJwt } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { EXPRESS_VERSIONS, type Express } from '../support/express-versions.ts'
import { REQUESTS_EACH, sendings } from './raw-requests.ts'
import { talk } from './raw-socket.ts'

const REQUESTS = Number(process.env['JWT_GATE_FUZZ_RUNS'] ?? 1_000)
const AT_ONCE = 10

const issuer = await createTestIssuer()
const { userPoolId, clientId, jwks } = issuer
const verifier = createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access', jwks }))
const good = await issuer.accessToken({ sub: 'alice' })
const bad = [
  await issuer.accessToken({ sub: 'alice', exp: 1_700_000_000 }),
  await issuer.idToken(),
  good.replace(/[^.]+$/, (await issuer.accessToken()).split('.')[2] ?? ''),
  await issuer.token({ sub: 'alice' }, { header: { alg: 'none' }, sign: () => '' }),
]
// as many good tokens as bad ones
const tokens = [...bad, ...bad.map(() => good)]

/** The requests that were accepted, and the unexpected errors in the process. */
interface Seen {
  readonly passed: Request[]
  readonly accidents: unknown[]
}

async function start(express: Express): Promise<{ port: number; seen: Seen }> {
  const seen: Seen = { passed: [], accidents: [] }
  const app = express()
  app.use('/optional', requireJwt(verifier, { optional: 'missing-or-invalid' }), requireAccess({}))
  app.use('/cookie', requireJwt(verifier, { getToken: cookieToken('token') }))
  app.use(/^(?!\/(?:optional|cookie)(?:\/|$))/i, requireJwt(verifier))
  app.use((req, res) => {
    seen.passed.push(req)
    res.json({ sub: req.auth?.claims.sub })
  })
  app.use(authErrorHandler())
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const record = (error: unknown) => seen.accidents.push(error)
  process.on('uncaughtException', record).on('unhandledRejection', record)
  onTestFinished(() => {
    process.off('uncaughtException', record).off('unhandledRejection', record)
    server.close().closeAllConnections()
  })
  return { port: (server.address() as AddressInfo).port, seen }
}

/** Checked without the library: exactly one credential, and it is the good token. */
function isEntitled({ auth, baseUrl, originalUrl, rawHeaders }: Request): boolean {
  const pairs = rawHeaders.flatMap((name, at) =>
    at % 2 === 0 ? [[name.toLowerCase(), rawHeaders[at + 1] ?? '']] : [],
  )
  const valuesOf = (wanted: string) => pairs.filter(([name]) => name === wanted).map(([, it]) => it)
  const cookies = valuesOf('cookie').join(';').split(/ *; */)
  const sent = /^\/cookie/i.test(baseUrl || originalUrl)
    ? cookies.filter((one) => /^token *=/.test(one.trim())).map((one) => one.replace(/^.*?=/, ''))
    : valuesOf('authorization').map((one) => one?.replace(/^bearer +/i, ''))
  const [token] = sent.map((one) => one?.trim().replace(/^"(.*)"$/, '$1'))
  return sent.length === 1 && token === good && auth?.claims.sub === 'alice'
}

describe.each(EXPRESS_VERSIONS)('on %s', (title, express) => {
  test(`${REQUESTS} requests of random bytes do no harm`, async () => {
    const { port, seen } = await start(express)
    const statuses = new Map<string, number>()
    const together = fc.array(sendings(tokens), { minLength: AT_ONCE, maxLength: AT_ONCE })
    const exchange = fc.asyncProperty(together, async (connections) => {
      const from = seen.passed.length
      const answers = await Promise.all(connections.map((one) => talk(port, one)))
      for (const [, status = ''] of answers.join('').matchAll(/HTTP\/1\.1 (\d{3}) /g)) {
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }
      expect(seen.passed.slice(from).filter((req) => !isEntitled(req))).toEqual([])
      expect(seen.accidents).toEqual([])
    })

    await fc.assert(exchange, { numRuns: Math.ceil(REQUESTS / (AT_ONCE * REQUESTS_EACH)) })

    // the good ones were accepted, and everything else got a client error
    expect(seen.passed.length).toBeGreaterThan(0)
    expect(statuses.get('200')).toBeGreaterThan(0)
    expect(statuses.get('401')).toBeGreaterThan(REQUESTS / 10)
    expect([...statuses.keys()].filter((status) => status >= '500')).toEqual([])
    if (process.env['JWT_GATE_FUZZ_RUNS']) console.log(title, Object.fromEntries(statuses))
  }, 600_000)
})
