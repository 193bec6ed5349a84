/**
 * A call that Lambda would end before the keys arrive fails a moment earlier, so that the log has a reason.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AccessError, createVerifier, type Verifier, type VerifierOptions } from 'jwt-gate'
import { explainer, type RefusalExplainer } from 'jwt-gate/explain'
import {
  type AuthorizerEvent,
  createAppSyncAuthorizer,
  createAuthorizer,
} from 'jwt-gate/lambda-authorizer'
import { createRevocations, memoryRevocationStore, type RevocationStore } from 'jwt-gate/stores'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { now } from './setup.ts'

const issuer = await createTestIssuer({ now })
const event = createAuthorizerEvent('http-2.0', { token: await issuer.accessToken() })
// as in a subnet without a way out: a connection that never responds
const silent = createServer(() => undefined)
await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
afterAll(() => {
  silent.closeAllConnections()
  silent.close()
})
const jwksUri = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`

function createCase(jwks: object, options: VerifierOptions = {}) {
  const events: AuthorizerEvent[] = []
  const verifier = createVerifier(
    { issuer: issuer.issuer, audience: null, ...jwks },
    { now, ...options },
  )
  const handler = createAuthorizer(verifier, { onEvent: (one) => events.push(one) })
  return { handler, events, verifier }
}

/** A store whose answer comes when the test says so. */
function createSlowStore(): { store: RevocationStore; respond: () => void } {
  const memory = memoryRevocationStore({ now })
  let respond = (): void => undefined
  const answered = new Promise<void>((resolve) => {
    respond = resolve
  })
  const read: RevocationStore['read'] = (...asked) => answered.then(() => memory.read(...asked))
  return { store: { append: memory.append, read }, respond }
}

type Create = (
  verifier: Verifier,
  options: { explain: RefusalExplainer; onEvent: (event: unknown) => void },
) => (event: unknown, context: unknown) => Promise<unknown>
const HANDLERS: readonly [name: string, create: Create, event: object][] = [
  ['createAuthorizer', createAuthorizer as Create, event],
  [
    'createAppSyncAuthorizer',
    createAppSyncAuthorizer,
    createAuthorizerEvent('appsync-graphql', { token: await issuer.accessToken() }),
  ],
]

const withTime = (ms: unknown) => ({ awsRequestId: 'a', getRemainingTimeInMillis: () => ms })

describe('without the keys in time', () => {
  test('fails with the reason before Lambda ends the call', async () => {
    const { handler, events } = createCase({ jwksUri })
    const start = performance.now()

    await expect(handler(event, withTime(400))).rejects.toMatchObject({
      message: 'The authorizer could not decide (ERR_JWKS_UNAVAILABLE)',
      cause: { code: 'ERR_JWKS_UNAVAILABLE', reason: 'timeout', status: 503 },
    })

    expect(performance.now() - start).toBeLessThan(400)
    expect(events).toMatchObject([
      {
        type: 'authorizer.failed',
        gateway: 'http-2.0',
        route: 'GET /',
        error: { code: 'ERR_JWKS_UNAVAILABLE', reason: 'timeout' },
      },
    ])
  })

  test.each(HANDLERS)(
    '%s blames the store of revoked tokens if that is what it waits for',
    async (...[, create, sent]) => {
      const { store, respond } = createSlowStore()
      const revocations = createRevocations({ store, whenStale: 'refuse', now })
      const trusted = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }
      const verifier = createVerifier(trusted, { now, revocations })
      const printed: string[] = []
      const stream = { write: (text: string) => void printed.push(text) }
      const explain = explainer(verifier, { env: {}, color: false, stream })
      const events: unknown[] = []
      const handler = create(verifier, { explain, onEvent: (one) => events.push(one) })

      await expect(handler(sent, withTime(100))).rejects.toMatchObject({
        message: 'The authorizer could not decide (ERR_REVOCATIONS_UNAVAILABLE)',
        cause: { code: 'ERR_REVOCATIONS_UNAVAILABLE', reason: 'timeout', status: 503 },
      })
      respond()
      await expect.poll(() => printed).toHaveLength(1)

      expect(events).toMatchObject([
        { type: 'authorizer.failed', error: { code: 'ERR_REVOCATIONS_UNAVAILABLE' } },
      ])
      expect(printed[0]).toContain(
        '1. The list of revoked tokens cannot be read\n   Its store did not respond before the time limit of the function.',
      )
    },
  )

  test('blames the keys if the list was not asked yet', async () => {
    const { store } = createSlowStore()
    const revocations = createRevocations({ store, whenStale: 'refuse', now })
    const { handler, events } = createCase({ jwksUri }, { revocations })

    await handler(event, withTime(100)).catch(() => undefined)

    expect(events).toMatchObject([{ error: { code: 'ERR_JWKS_UNAVAILABLE', reason: 'timeout' } }])
  })

  test('reports nothing about the call afterwards', async () => {
    let refuse = (): void => undefined
    const check = () =>
      new Promise<void>((_, reject) => {
        refuse = () => reject(new AccessError('ERR_ACCESS_DENIED'))
      })
    const { handler, events } = createCase({ jwks: issuer.jwks }, { check })

    await handler(event, withTime(100)).catch(() => undefined)
    refuse()
    await new Promise((resolve) => setImmediate(resolve))

    expect(events).toMatchObject([{ type: 'authorizer.failed' }])
  })

  test('does not blame the keys for a check that takes too long', async () => {
    const { handler, events } = createCase(
      { jwks: issuer.jwks },
      { check: () => new Promise<void>(() => undefined) },
    )

    await expect(handler(event, withTime(60))).rejects.toThrow('could not decide')
    expect(events).toMatchObject([
      {
        type: 'authorizer.failed',
        error: { message: 'The token was not verified before the time limit of the function' },
      },
    ])
  })
})

test('returns the result for a good token though a refresh of the keys takes too long', async () => {
  const { handler, events, verifier } = createCase({ jwks: issuer.jwks })
  const waiting = createAuthorizer(
    { ...verifier, settled: () => new Promise<void>(() => undefined) },
    { onEvent: (one) => events.push(one) },
  )

  expect(await waiting(event, withTime(60))).toMatchObject({ principalId: expect.any(String) })
  expect(await handler(event, withTime(60))).toMatchObject({ principalId: expect.any(String) })
  expect(events).toEqual([])
})

test('leaves no timer behind, and holds no process open', async () => {
  const made = vi.spyOn(globalThis, 'setTimeout')
  const cleared = vi.spyOn(globalThis, 'clearTimeout')
  onTestFinished(() => {
    made.mockRestore()
    cleared.mockRestore()
  })
  const { handler } = createCase({ jwks: issuer.jwks })

  await handler(event, withTime(900_000))
  await handler(createAuthorizerEvent('http-2.0', { token: 'abc' }), withTime(900_000))
  await handler({}, withTime(900_000)).catch(() => undefined)

  const timers = made.mock.results.map(({ value }) => value as NodeJS.Timeout)
  expect(timers).toHaveLength(3)
  expect(timers.map((timer) => timer.hasRef())).toEqual([false, false, false])
  expect(cleared.mock.calls.map(([timer]) => timer)).toEqual(timers)
})

test.each<[string, unknown, number[]]>([
  ['much time', withTime(10_000), [9_700]],
  ['little time', withTime(400), [200]],
  ['an endless time', withTime(Number.POSITIVE_INFINITY), [899_700]],
  ['more than a timer can count', withTime(2 ** 40), [899_700]],
  ['no context', undefined, []],
  ['null', null, []],
  ['a callback', () => undefined, []],
  ['a context without a clock', { awsRequestId: 'a' }, []],
  ['no time', withTime(0), []],
  ['less than none', withTime(-1), []],
  ['a time that is no number', withTime('3000'), []],
  ['no number', withTime(Number.NaN), []],
  [
    'a stub',
    {
      getRemainingTimeInMillis: () => {
        throw new Error('Function not implemented.')
      },
    },
    [],
  ],
])('works with %s', async (_, context, delays) => {
  const { handler } = createCase({ jwks: issuer.jwks })
  const made = vi.spyOn(globalThis, 'setTimeout')
  onTestFinished(() => made.mockRestore())

  expect(await handler(event, context)).toMatchObject({ principalId: expect.any(String) })
  expect(made.mock.calls.map(([, ms]) => ms)).toEqual(delays)
})
