/**
 * `createAppSyncAuthorizer`: GraphQL APIs and Event APIs of AppSync.
 */
import { readFileSync } from 'node:fs'
import { AccessError, cognito, createVerifier } from 'jwt-gate'
import {
  type AppSyncAuthorizerOptions,
  type AppSyncEvent,
  claimsFromEvent,
  createAppSyncAuthorizer,
} from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createHandlerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { record } from '../../support/channels.ts'
import { createTestVerifier, NOW, now, unusedVerifier } from '../setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createTestVerifier(issuer)
const token = await issuer.accessToken()
const idToken = await issuer.idToken()
const APIS = ['appsync-graphql', 'appsync-events'] as const
const CONTEXT = {
  'appsync-graphql': 'resolverContext',
  'appsync-events': 'handlerContext',
} as const
const DENIED = { isAuthorized: false, ttlOverride: 0 }

interface Fixture {
  readonly name: string
  readonly gateway: (typeof APIS)[number]
  readonly event: object
}

const FIXTURES: readonly Fixture[] = JSON.parse(
  readFileSync(new URL('../../../fixtures/lambda/app-sync-events.json', import.meta.url), 'utf8'),
)

describe.each(FIXTURES)('the event of $name', ({ gateway, event }) => {
  const withToken = (text: string): unknown =>
    JSON.parse(JSON.stringify(event).replaceAll('<token>', text))

  test('is authorized with a good token', async () => {
    const result = await createAppSyncAuthorizer(verifier)(withToken(token))

    expect(result).toMatchObject({ isAuthorized: true, ttlOverride: 0 })
    expect(result).toHaveProperty(CONTEXT[gateway])
  })

  test('is not authorized with an expired token', async () => {
    const result = await createAppSyncAuthorizer(verifier)(
      withToken(await issuer.accessToken({ exp: 1 })),
    )

    expect(result).toEqual(DENIED)
  })
})

describe.each(APIS)('for the API %s', (gateway) => {
  const member = CONTEXT[gateway]

  function answer(request = {}, options: AppSyncAuthorizerOptions<never> = {}) {
    return createAppSyncAuthorizer(
      verifier,
      options as object,
    )(createAuthorizerEvent(gateway, { token, ...request }))
  }

  test('a function behind it reads the claims', async () => {
    const result = await answer()

    const claims = claimsFromEvent({ identity: { [member]: result[member] } })

    expect(claims).toEqual((await verifier.verify(token)).claims)
    expect(result[member]).toMatchObject({ token_use: 'access' })
  })

  test.each<[string, object]>([
    ['no token', { token: undefined }],
    ['a forged token', { token: `${token.slice(0, -8)}AAAAAAAA` }],
    ['an ID token', { token: idToken }],
    ['two tokens', { token: undefined, headers: { Authorization: [token, token] } }],
    ['an empty header', { token: undefined, headers: { Authorization: '' } }],
    ['only a scheme', { token: undefined, headers: { Authorization: 'Bearer ' } }],
    [
      'a scheme within the token',
      {
        token: undefined,
        headers: { Authorization: `${token.slice(0, 9)}Bearer ${token.slice(9)}` },
      },
    ],
    ['another scheme', { token: undefined, headers: { Authorization: 'Basic YTpi' } }],
  ])('%s is denied, and the denial is not kept', async (_title, request) => {
    expect(await answer(request, { ttlSeconds: 300 })).toEqual(DENIED)
  })

  test('a token that does not meet the rule is denied', async () => {
    const access = { groups: ['admin'] }
    const admin = await issuer.accessToken({ 'cognito:groups': ['admin'] })

    expect(await answer({}, { access })).toEqual(DENIED)
    expect(await answer({ token: admin }, { access })).toMatchObject({ isAuthorized: true })
  })

  test('during an outage, it fails: nobody is denied, and nothing is kept', async () => {
    const down = await createTestIssuer({ now })
    down.fail('down')
    const events: AppSyncEvent[] = []
    const handler = createAppSyncAuthorizer(createTestVerifier(down), {
      onEvent: (one) => events.push(one),
    })

    const outcome = handler(createAuthorizerEvent(gateway, { token: await down.accessToken() }))

    await expect(outcome).rejects.toThrow('The authorizer could not decide (ERR_JWKS_UNAVAILABLE)')
    expect(events).toMatchObject([
      { type: 'authorizer.failed', gateway, error: { code: 'ERR_JWKS_UNAVAILABLE' } },
    ])
  })

  test('a key that was not looked for is no denial', async () => {
    const limited = await createTestIssuer({ now })
    const { userPoolId, clientId, fetch } = limited
    const trusted = cognito({ userPoolId, clientId, tokenUse: 'access' })
    const handler = createAppSyncAuthorizer(createVerifier(trusted, { fetch, now }))
    const call = async (kid: string): Promise<unknown> => {
      const claims = { iss: limited.issuer }
      const unknown = await limited.token(claims, { header: { kid } })
      return handler(createAuthorizerEvent(gateway, { token: unknown })).catch(String)
    }
    await handler(createAuthorizerEvent(gateway, { token: await limited.accessToken() }))

    const outcomes = []
    for (const kid of ['a', 'b', 'c', 'd', 'e']) outcomes.push(await call(kid))

    expect(outcomes.slice(0, 3)).toEqual([DENIED, DENIED, DENIED])
    expect(outcomes[4]).toContain('ERR_KEY_NOT_FOUND')
  })

  test('an answer is kept as long as you say, but not beyond the token', async () => {
    const short = await issuer.accessToken({ exp: NOW / 1_000 + 90 })
    const late = await issuer.accessToken({ exp: NOW / 1_000 - 2 })

    expect(await answer({}, { ttlSeconds: 300 })).toMatchObject({ ttlOverride: 300 })
    expect(await answer({ token: short }, { ttlSeconds: 300 })).toMatchObject({ ttlOverride: 90 })
    expect(await answer({ token: short }, { ttlSeconds: 60 })).toMatchObject({ ttlOverride: 60 })
    expect(await answer({ token: late }, { ttlSeconds: 300 })).toMatchObject({
      isAuthorized: true,
      ttlOverride: 0,
    })
  })

  test('your own context takes the place of the default one', async () => {
    const context = { id: 7, isAdmin: false, name: 'a', nothing: null, absent: undefined as never }

    expect((await answer({}, { context: () => context }))[member]).toEqual(context)
  })

  test('a context may have exactly as much as AppSync takes', async () => {
    const context = { a: 'x'.repeat(5 * 1_024 * 1_024 - 8) }

    expect(await answer({}, { context: () => context })).toMatchObject({ isAuthorized: true })
  })

  test('an error of the library in your own context is that error', async () => {
    const events: AppSyncEvent[] = []
    const context = () => {
      throw new AccessError('ERR_ACCESS_DENIED')
    }

    expect(await answer({}, { context, onEvent: (one) => events.push(one) })).toEqual(DENIED)
    expect(events).toMatchObject([{ error: { code: 'ERR_ACCESS_DENIED' } }])
  })

  test('the scheme may be in any case, with several spaces', async () => {
    const headers = { Authorization: `bEARER   ${token}` }

    expect(await answer({ token: undefined, headers })).toMatchObject({ isAuthorized: true })
  })

  test('a token that is missing is reported as missing', async () => {
    const events: AppSyncEvent[] = []

    await answer(
      { token: undefined, headers: { Authorization: '' } },
      { onEvent: (one) => events.push(one) },
    )

    expect(events).toMatchObject([{ error: { code: 'ERR_TOKEN_MISSING' } }])
  })

  test('a wrapped verifier whose result has no exp is asked for every request', async () => {
    const { exp: _, ...claims } = (await verifier.verify(token)).claims
    const wrapped = {
      ...unusedVerifier,
      verify: async () => ({ ...(await verifier.verify(token)), claims }) as never,
    }
    const handler = createAppSyncAuthorizer(wrapped, { ttlSeconds: 300 })

    expect(await handler(createAuthorizerEvent(gateway, { token }))).toMatchObject({
      isAuthorized: true,
      ttlOverride: 0,
    })
  })

  test.each([[undefined], [{}], [true]])(
    'nobody is authorized by a wrapped verifier that returns %j',
    async (result) => {
      const wrapped = { ...unusedVerifier, verify: async () => result as never }
      const handler = createAppSyncAuthorizer(wrapped)

      await expect(handler(createAuthorizerEvent(gateway, { token }))).rejects.toThrow(
        'could not decide (ERR_CONFIG_INVALID)',
      )
    },
  )

  test('a call returns when nothing is in flight any more', async () => {
    const order: string[] = []
    const settled = async (): Promise<void> => {
      await new Promise(setImmediate)
      order.push('settled')
    }
    const handler = createAppSyncAuthorizer({ ...verifier, settled })

    await handler(createAuthorizerEvent(gateway, { token }))
    order.push('returned')

    expect(order).toEqual(['settled', 'returned'])
  })

  test.each<[string, unknown]>([
    ['an object in it', { a: { b: 1 } }],
    ['an object among other values', { a: 'b', c: { b: 1 } }],
    ['a list in it', { a: [1] }],
    ['a number that JSON does not have', { a: Number.NaN }],
    ['no object', 'a'],
    ['a promise', Promise.resolve({ a: 'b' })],
    ['more than AppSync takes', { a: 'x'.repeat(5 * 1_024 * 1_024) }],
  ])('a context with %s fails, and says so', async (_title, context) => {
    const events: AppSyncEvent[] = []
    const options = {
      context: () => context as never,
      onEvent: (one: AppSyncEvent) => events.push(one),
    }

    await expect(answer({}, options)).rejects.toThrow('could not decide (ERR_CONFIG_INVALID)')
    expect(String((events[0] as { error: unknown }).error)).toContain('"context"')
  })

  test('events name the API and the request, and nothing of the token', async () => {
    const events: AppSyncEvent[] = []

    await answer({ token: 'secret' }, { onEvent: (one) => events.push(one) })

    expect(events).toMatchObject([
      {
        type: 'authorizer.refused',
        gateway,
        requestId: 'b80ed838-14c6-4500-b4c3-b694c7bef086',
        error: { code: 'ERR_TOKEN_MALFORMED' },
      },
    ])
    expect(JSON.stringify(events)).not.toContain('secret')
  })

  test('the channel jwt-gate:request gets exactly what onEvent gets, and also without it', async () => {
    const events: AppSyncEvent[] = []
    const down = await createTestIssuer({ now })
    down.fail('down')
    const undecided = createAppSyncAuthorizer(createTestVerifier(down))
    const unknown = createAuthorizerEvent(gateway, { token: await down.accessToken() })

    const published = await record<AppSyncEvent>('jwt-gate:request', async () => {
      await answer({ token: idToken }, { onEvent: (one) => events.push(one) })
      await answer({ token: idToken })
      await undecided(unknown).catch(() => undefined)
    })

    expect(published[0]).toBe(events[0])
    const refused = { type: 'authorizer.refused', gateway, requestId: expect.any(String) }
    expect(published).toMatchObject([
      { ...refused, error: { code: 'ERR_CLAIM_TOKEN_USE' } },
      { ...refused, error: { code: 'ERR_CLAIM_TOKEN_USE' } },
      { type: 'authorizer.failed', gateway, error: { code: 'ERR_JWKS_UNAVAILABLE' } },
    ])
  })

  test('a call that takes too long fails before Lambda ends it', async () => {
    const never = { ...unusedVerifier, verify: () => new Promise<never>(() => undefined) }
    const events: AppSyncEvent[] = []
    const handler = createAppSyncAuthorizer(never, { onEvent: (one) => events.push(one) })

    const outcome = handler(createAuthorizerEvent(gateway, { token }), {
      getRemainingTimeInMillis: () => 20,
    })

    await expect(outcome).rejects.toThrow('The authorizer could not decide')
    expect(String((events[0] as { error: unknown }).error)).toContain('time limit')
  })
})

test('GraphQL takes denied fields, and Event APIs none', async () => {
  const deniedFields = () => ['Query.salary']
  const handler = createAppSyncAuthorizer(verifier, { deniedFields })

  const [graphql, events] = await Promise.all(
    APIS.map((gateway) => handler(createAuthorizerEvent(gateway, { token }))),
  )

  expect(graphql).toMatchObject({ deniedFields: ['Query.salary'] })
  expect(events).not.toHaveProperty('deniedFields')
})

test.each([[undefined], [() => []]])('without denied fields, there is no list', async (fields) => {
  const handler = createAppSyncAuthorizer(verifier, { deniedFields: fields })

  const result = await handler(createAuthorizerEvent('appsync-graphql', { token }))

  expect(result).not.toHaveProperty('deniedFields')
})

test.each([['Query.salary'], [['']], [[7]], [['Query.salary', '']], [undefined]])(
  'denied fields that are %j fail: no field is shown by mistake',
  async (fields) => {
    const events: AppSyncEvent[] = []
    const handler = createAppSyncAuthorizer(verifier, {
      deniedFields: () => fields as never,
      onEvent: (one) => events.push(one),
    })

    await expect(handler(createAuthorizerEvent('appsync-graphql', { token }))).rejects.toThrow(
      'ERR_CONFIG_INVALID',
    )
    expect(String((events[0] as { error: unknown }).error)).toContain('"deniedFields"')
  },
)

test.each<[string, unknown]>([
  ['a REST API', createAuthorizerEvent('rest-token', { token })],
  ['an HTTP API', createAuthorizerEvent('http-2.0', { token })],
  ['a WebSocket API', createAuthorizerEvent('websocket', { token })],
  ['a handler', createHandlerEvent('http-2.0', { token })],
  ['nobody', undefined],
  ['an API without an ID', { authorizationToken: token, requestContext: {} }],
  [
    'an API with another operation',
    { authorizationToken: token, requestContext: { apiId: 'a', operation: 'QUERY' } },
  ],
  ['a request without a token', { requestContext: { apiId: 'a' } }],
])('the event of %s is none of AppSync', async (_title, event) => {
  const events: AppSyncEvent[] = []
  const handler = createAppSyncAuthorizer(verifier, { onEvent: (one) => events.push(one) })

  await expect(handler(event)).rejects.toThrow('ERR_CONFIG_INVALID')
  expect(String((events[0] as { error: unknown }).error)).toContain('not one that AppSync sends')
})

test.each([0, 3_600])('an answer may be kept for %d seconds', async (ttlSeconds) => {
  const handler = createAppSyncAuthorizer(verifier, { ttlSeconds })

  expect(await handler(createAuthorizerEvent('appsync-graphql', { token }))).toMatchObject({
    ttlOverride: ttlSeconds,
  })
})

test.each([
  [{ ttlSeconds: -1 }, '"ttlSeconds"'],
  [{ ttlSeconds: 3_601 }, '"ttlSeconds"'],
  [{ ttlSeconds: 1.5 }, '"ttlSeconds"'],
  [{ context: 'a' }, '"context"'],
  [{ deniedFields: [] }, '"deniedFields"'],
  [{ access: { scope: 'a' } }, '"scope"'],
  [{ acess: {} }, '"acess" is not an option of createAppSyncAuthorizer()'],
  [{ access: 7 }, '"access"'],
  [{ onEvent: 'a' }, '"onEvent"'],
  [{ explain: {} }, '"explain"'],
])('the options %j are rejected at start-up', (options, name) => {
  expect(() => createAppSyncAuthorizer(verifier, options as never)).toThrow(name)
})
