/**
 * Captured and documented events (fixtures/api-gateway), each with its expected result.
 */
import { readFileSync } from 'node:fs'
import {
  type AuthorizerEvent,
  claimsFromEvent,
  createAuthorizer,
  type TokenSource,
} from 'jwt-gate/lambda-authorizer'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createTestVerifier, now, policy } from './setup.ts'

interface Fixture {
  readonly name: string
  readonly why: string
  readonly origin: string
}

interface AuthorizerFixture extends Fixture {
  readonly gateway: string
  readonly resource: string
  readonly token?: TokenSource
  /** Has `<token>` instead of a token. */
  readonly event: object
}

interface HandlerFixture extends Fixture {
  /** Null if the event has none. */
  readonly claims: object | null
  readonly event: object
}

const issuer = await createTestIssuer({ now })
const verifier = createTestVerifier(issuer)

function read<T extends Fixture>(file: string): readonly T[] {
  const url = new URL(`../../fixtures/api-gateway/${file}.json`, import.meta.url)
  const fixtures: readonly T[] = JSON.parse(readFileSync(url, 'utf8'))
  if (fixtures.length < 10) throw new Error('Fixtures are missing')
  return fixtures
}

function withToken(event: object, token: string): unknown {
  return JSON.parse(JSON.stringify(event).replaceAll('<token>', token))
}

describe.each(read<AuthorizerFixture>('authorizer-events'))(
  '$name',
  ({ gateway, resource, token, event }) => {
    test('is allowed with a valid token', async () => {
      const handler = createAuthorizer(verifier, { token })
      const good = await issuer.accessToken()

      const result = await handler(withToken(event, good))

      expect(result.policyDocument).toEqual(policy('Allow', resource))
    })

    test('is rejected with an expired token, in the way of its kind of API', async () => {
      const events: AuthorizerEvent[] = []
      const handler = createAuthorizer(verifier, { token, onEvent: (one) => events.push(one) })
      const expired = await issuer.accessToken({ exp: 1 })

      const answer = handler(withToken(event, expired))

      if (gateway.startsWith('http')) {
        expect((await answer).policyDocument).toEqual(policy('Deny', resource))
      } else {
        await expect(answer).rejects.toMatchObject({ message: 'Unauthorized' })
      }
      expect(events).toMatchObject([
        {
          type: 'authorizer.refused',
          gateway,
          error: expect.objectContaining({ code: 'ERR_TOKEN_EXPIRED' }),
        },
      ])
    })
  },
)

const HANDLER_EVENTS = read<HandlerFixture>('handler-events')

test.each(HANDLER_EVENTS.filter(({ claims }) => claims !== null))(
  'reads claims from the event of $name',
  ({ event, claims }) => {
    expect(claimsFromEvent(event)).toEqual(claims)
  },
)

test.each(HANDLER_EVENTS.filter(({ claims }) => claims === null))(
  'reads no claims from the event of $name',
  ({ event }) => {
    expect(() => claimsFromEvent(event)).toThrow(
      expect.objectContaining({ code: 'ERR_TOKEN_MISSING' }),
    )
  },
)
