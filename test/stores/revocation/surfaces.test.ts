/**
 * What clients get: a revoked token is a 401, and a store that cannot be read is an outage, in Express and in the authorizer.
 */
import express from 'express'
import { authErrorHandler, requireJwt } from 'jwt-gate/express'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { serve } from '../../support/http.ts'
import { createBrokenStore, createClock, createProcess, iss, mint, UNTIL } from './world.ts'

function createWorld() {
  const clock = createClock()
  const broken = createBrokenStore(clock)
  return { clock, ...broken, a: createProcess(broken.store, clock) }
}

describe('Express', () => {
  test('responds with 401 to a revoked token, and with 503 in an outage', async () => {
    const { a, state, clock } = createWorld()
    const app = express()
    app.use(requireJwt(a.verifier))
    app.get('/', (_req, res) => res.json({}))
    app.use(authErrorHandler({ onError: () => undefined }))
    const ask = await serve(app)
    const headers = { authorization: `Bearer ${await mint()}` }
    for (let use = 0; use < 3; use++) expect((await ask('/', { headers })).status).toBe(200)

    await a.revocations.revoke({ issuer: iss, sub: 'alice', until: UNTIL })
    const revoked = await ask('/', { headers })
    state.error = new Error('down')
    clock.ms += 61_000
    const outage = await ask('/', { headers })

    expect(revoked.status).toBe(401)
    expect(revoked.headers['www-authenticate']).toContain('error="invalid_token"')
    expect(outage.status).toBe(503)
    expect(outage.headers['retry-after']).toBe('1')
    expect(outage.headers['www-authenticate']).toBeUndefined()
  })
})

describe('the authorizer', () => {
  test.each(['rest-token', 'rest-request', 'http-2.0', 'http-1.0', 'websocket'] as const)(
    'of kind %s fails in an outage, and returns no Deny that would be cached',
    async (kind) => {
      const { a, state, clock } = createWorld()
      const handler = createAuthorizer(a.verifier)
      const event = createAuthorizerEvent(kind, { token: await mint() })
      expect(JSON.stringify(await handler(event))).toContain('Allow')
      state.error = new Error('down')

      clock.ms += 61_000
      await expect(handler(event)).rejects.toThrow(
        'The authorizer could not decide (ERR_REVOCATIONS_UNAVAILABLE)',
      )
    },
  )

  test('rejects a revoked token, and reads what is new between two calls', async () => {
    const { a, store, clock } = createWorld()
    const handler = createAuthorizer(a.verifier)
    const event = createAuthorizerEvent('rest-token', { token: await mint() })
    await handler(event)
    const other = createProcess(store, clock)
    await other.revocations.revoke({ issuer: iss, sub: 'alice', until: UNTIL })

    clock.ms += 5_000
    // this call starts the read, and waits for it after its decision: then the process may freeze
    await handler(event)
    await expect(handler(event)).rejects.toThrow(/^Unauthorized$/)
  })
})
