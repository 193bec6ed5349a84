/**
 * A Cognito user pool has two issuer forms, of which one is in use. Anybody can name the other one in an unsigned token. That
 * must count as a bad token and not as an outage that alerts the operator, and it must not delay anyone else.
 */
import {
  cognito,
  createVerifier,
  type Trusted,
  type TrustedIssuer,
  type TrustedResolver,
  type Verifier,
  type VerifierEvent,
} from 'jwt-gate'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createClock } from '../verify/support/clock.ts'
import { isPending } from '../verify/support/key-endpoint.ts'
import { ACCEPTED, NOW, sayOf } from './setup.ts'

const pool = await createTestIssuer({ now: () => NOW * 1_000 })
const { userPoolId, clientId } = pool
const OLD = pool.issuer
const NEW = OLD.replace('//cognito-idp.', '//issuer-cognito-idp.')
const NOT_IN_USE = 'ERR_CLAIM_ISSUER iss not_in_use'
const OUTAGE = 'ERR_JWKS_UNAVAILABLE network'
const listed = cognito({ userPoolId, clientId, tokenUse: 'access' })
const found: TrustedResolver = (issuer) => (issuer.endsWith(userPoolId) ? listed : undefined)

const good = await pool.accessToken({ exp: NOW + 86_400 })
const ofNew = await pool.accessToken({ exp: NOW + 86_400, iss: NEW })
/** Without a valid signature. */
const unsigned = `${ofNew.slice(0, ofNew.lastIndexOf('.'))}.AAAA`

/** @param behaviour - what the endpoint of the newer form does */
function setUp(trusted: Trusted, behaviour: 'answer' | 'forbid' | 'fail' | 'hang') {
  const clock = createClock(NOW * 1_000)
  const events: VerifierEvent[] = []
  const asked: string[] = []
  const world = { behaviour, ofOld: 'answer' as typeof behaviour }
  const fetch = async (address: unknown, init?: RequestInit): Promise<Response> => {
    const url = String(address)
    asked.push(url)
    const how = url.startsWith(NEW) ? world.behaviour : world.ofOld
    if (how === 'answer') return Response.json(pool.jwks)
    if (how === 'forbid') return new Response('Forbidden', { status: 403 })
    if (how === 'fail') throw new TypeError('fetch failed')
    const signal = init?.signal as AbortSignal
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  }
  const verifier = createVerifier(trusted, {
    ...{ now: clock.now, fetch: fetch as typeof globalThis.fetch },
    onEvent: (event) => events.push(event),
  })
  const say = (token: string) => sayOf(() => verifier.verify(token))
  const typesOf = () => events.map(({ type }) => type)
  const askedNew = () => asked.filter((url) => url.startsWith(NEW)).length
  return { clock, world, verifier, say, typesOf, askedNew }
}

describe.each<[string, Trusted]>([
  ['listed', listed],
  ['returned by a function', found],
])('a user pool that is %s', (_name, trusted) => {
  test.each([
    ['forbid', NOT_IN_USE, 'jwks.not_in_use'],
    // a temporary failure does not show that the form is not in use
    ['fail', OUTAGE, 'jwks.failed'],
  ] as const)('under a form whose endpoint does this: %s, is %s', async (behaviour, said, type) => {
    const { say, typesOf } = setUp(trusted, behaviour)
    expect(await say(good)).toBe(ACCEPTED)

    expect(await say(unsigned)).toBe(said)
    expect(await say(ofNew)).toBe(said)
    expect(typesOf()).toEqual(['jwks.fetched', type])
    expect(await say(good)).toBe(ACCEPTED)
  })

  test('whose form in use has an outage is not logged out by a forged token of the other form', async () => {
    const { say, world, typesOf } = setUp(trusted, 'answer')
    world.ofOld = 'fail'

    expect(await say(unsigned)).toBe('ERR_TOKEN_SIGNATURE')
    expect(await say(good)).toBe(OUTAGE)
    expect(typesOf()).toEqual(['jwks.fetched', 'jwks.failed'])
  })

  test('has the keys of the other form requested about once a minute at most', async () => {
    const { say, clock, askedNew } = setUp(trusted, 'forbid')
    expect(await say(good)).toBe(ACCEPTED)

    for (let seconds = 0; seconds < 300; seconds++) {
      expect(await say(unsigned)).toBe(NOT_IN_USE)
      clock.advance(1_000)
    }

    expect(askedNew()).toBeLessThanOrEqual(5)
    expect(askedNew()).toBeGreaterThan(1)
  })

  test('accepts the other form once it is in use', async () => {
    const { say, clock, world } = setUp(trusted, 'forbid')
    expect(await say(good)).toBe(ACCEPTED)
    expect(await say(unsigned)).toBe(NOT_IN_USE)

    world.behaviour = 'answer'
    clock.advance(150_000)

    expect(await say(ofNew)).toBe(ACCEPTED)
  })

  test('is accepted under a form within two seconds after a temporary failure of its first key request', async () => {
    const { say, clock, world } = setUp(trusted, 'fail')
    expect(await say(good)).toBe(ACCEPTED)
    expect(await say(ofNew)).toBe(OUTAGE)

    world.behaviour = 'answer'
    clock.advance(1_500)

    expect(await say(ofNew)).toBe(ACCEPTED)
  })

  test('is rejected under the form that is not in use, even before the first good token', async () => {
    const { verifier, say, typesOf } = setUp(trusted, 'forbid')
    const handler = createAuthorizer(verifier as Verifier<never>)

    await expect(
      handler(createAuthorizerEvent('rest-request', { token: unsigned })),
    ).rejects.toThrow(/^Unauthorized$/)
    expect(typesOf()).toEqual(['jwks.fetched', 'jwks.not_in_use'])
    expect(await say(unsigned)).toBe(NOT_IN_USE)
    expect(await say(good)).toBe(ACCEPTED)
  })

  test('that has keys under neither form is an outage, and no call waits forever', async () => {
    const { world, say, typesOf } = setUp(trusted, 'forbid')
    world.ofOld = 'forbid'

    const said = await Promise.all([say(unsigned), say(good), say(ofNew)])

    expect(said).toEqual(Array(3).fill('ERR_JWKS_UNAVAILABLE status'))
    expect(new Set(typesOf())).toEqual(new Set(['jwks.failed']))
  })

  test('gets an error instead of a Deny, which API Gateway would cache, while a form cannot be asked', async () => {
    const { verifier, say } = setUp(trusted, 'fail')
    expect(await say(good)).toBe(ACCEPTED)
    const handler = createAuthorizer(verifier as Verifier<never>)

    await expect(handler(createAuthorizerEvent('http-2.0', { token: ofNew }))).rejects.toThrow(
      'The authorizer could not decide (ERR_JWKS_UNAVAILABLE)',
    )
  })

  test('that was in use under a form counts as an outage if its endpoint fails later', async () => {
    const { say, clock, world, typesOf } = setUp(trusted, 'answer')
    expect(await say(good)).toBe(ACCEPTED)
    expect(await say(ofNew)).toBe(ACCEPTED)

    world.behaviour = 'fail'
    clock.advance(7_200_000)

    expect(await say(ofNew)).toBe('ERR_JWKS_UNAVAILABLE network')
    expect(typesOf()).toContain('jwks.failed')
  })

  test('whose forms both fail is an outage', async () => {
    const { say, world, typesOf } = setUp(trusted, 'fail')
    world.ofOld = 'fail'

    expect(await say(good)).toBe('ERR_JWKS_UNAVAILABLE network')
    expect(await say(ofNew)).toBe('ERR_JWKS_UNAVAILABLE network')
    expect(typesOf()).toEqual(['jwks.failed', 'jwks.failed'])
  })

  test('delays no other call while one form does not respond', async () => {
    const { say, verifier } = setUp(trusted, 'hang')
    expect(await say(good)).toBe(ACCEPTED)

    const waiting = say(unsigned)
    const settled = verifier.settled()

    expect(await isPending(waiting)).toBe(true)
    expect(await isPending(settled)).toBe(false)
    expect(await say(good)).toBe(ACCEPTED)
    verifier.close()
    await waiting
  })
})

test('verifySync rejects the form that is not in use, once that is known', async () => {
  const { say, verifier } = setUp(listed, 'forbid')
  expect(await say(good)).toBe(ACCEPTED)
  expect(await sayOf(() => verifier.verifySync(unsigned))).toBe('ERR_JWKS_NOT_LOADED')

  expect(await say(unsigned)).toBe(NOT_IN_USE)

  expect(await sayOf(() => verifier.verifySync(unsigned))).toBe(NOT_IN_USE)
})

test.each([
  ['a REST API', 'rest-request', 'Unauthorized'],
  ['an HTTP API', 'http-2.0', 'Deny'],
] as const)(
  'the authorizer of %s rejects the form that is not in use, and does not fail',
  async (_name, gateway, said) => {
    const { verifier } = setUp(listed, 'forbid')
    const events: string[] = []
    const handler = createAuthorizer(verifier, { onEvent: ({ type }) => events.push(type) })
    const ask = async (token: string) => {
      const result = await handler(createAuthorizerEvent(gateway, { token })).catch(
        (error: Error) => error.message,
      )
      return typeof result === 'string' ? result : result.policyDocument.Statement[0]?.Effect
    }
    expect(await ask(good)).toBe('Allow')

    expect(await ask(unsigned)).toBe(said)
    expect(events).toEqual(['authorizer.refused'])
  },
)

test('verifySync, called as the docs say, accepts a pool that has switched to its newer form', async () => {
  const { clock, world, verifier, say } = setUp(listed, 'forbid')
  await verifier.hydrate()
  const ask = async (token: string): Promise<string> => {
    const said = await sayOf(() => verifier.verifySync(token))
    return said === 'ERR_JWKS_NOT_LOADED' ? say(token) : said
  }
  await ask(unsigned)
  world.behaviour = 'answer'

  clock.advance(300_000)
  await verifier.hydrate()

  expect(await ask(ofNew)).toBe(ACCEPTED)
})

test('an outage of one pool counts as an outage, whatever other pools the function returns with it', async () => {
  const other = await createTestIssuer({ now: () => NOW * 1_000, userPoolId: 'eu-west-1_Other' })
  const more = cognito({
    userPoolId: other.userPoolId,
    clientId: other.clientId,
    tokenUse: 'access',
  })
  const { world, say, typesOf } = setUp(() => [...listed, ...more], 'answer')
  world.ofOld = 'fail'
  expect(await say(ofNew)).toBe(ACCEPTED)

  expect(await say(await other.accessToken())).toMatch(/^ERR_JWKS_UNAVAILABLE/)
  expect(typesOf()).toContain('jwks.failed')
})

test('close does not leave a pause behind, even while one form waits for the other', async () => {
  const { verifier, world, say } = setUp(listed, 'forbid')
  world.ofOld = 'hang'
  const waiting = say(unsigned)
  await isPending(waiting)

  verifier.close()
  world.behaviour = 'answer'

  expect(await waiting).toBe('ERR_JWKS_UNAVAILABLE closed')
  expect(await say(ofNew)).toBe(ACCEPTED)
})

test('a form that once waited for the other one can still show that the other one is not in use', async () => {
  const { clock, world, say } = setUp(listed, 'forbid')
  world.ofOld = 'fail'
  await say(unsigned)

  clock.advance(60_000)
  world.behaviour = 'answer'
  world.ofOld = 'forbid'

  expect(await say(good)).toBe(NOT_IN_USE)
})

test.each<[string, (other: readonly TrustedIssuer[]) => readonly TrustedIssuer[]]>([
  ['another pool', (other) => other],
  ['an issuer that is no pool', ([first]) => [{ ...first, userPoolId: undefined } as never]],
])(
  '%s whose endpoint forbids access is not unused because the pool beside it is in use',
  async (_name, toMore) => {
    const other = await createTestIssuer({ now: () => NOW * 1_000, userPoolId: 'eu-west-1_Other' })
    const more = toMore(
      cognito({ userPoolId: other.userPoolId, clientId: other.clientId, tokenUse: 'access' }),
    )
    const inUse = { issuer: NEW, jwksUri: `${NEW}/jwks` }
    const beside = toMore(listed.slice(0, 1)).map((one) => ({ ...one, ...inUse }))
    const { world, say } = setUp(() => [...beside, ...more] as never, 'answer')
    world.ofOld = 'forbid'
    expect(await say(ofNew)).toBe(ACCEPTED)

    expect(await say(await other.accessToken())).toMatch(/^ERR_JWKS_UNAVAILABLE/)
  },
)

test('the function is not asked about the other form again while its result is valid', async () => {
  const asked: string[] = []
  const { world, say } = setUp((issuer) => {
    asked.push(issuer)
    return issuer === NEW ? undefined : listed
  }, 'answer')
  world.ofOld = 'forbid'

  const said = [await say(ofNew), await say(good), await say(good)]

  expect(said).toEqual([
    'ERR_CLAIM_ISSUER iss mismatch',
    'ERR_JWKS_UNAVAILABLE status',
    'ERR_JWKS_UNAVAILABLE status',
  ])
  expect(asked).toEqual([NEW, OLD])
})

test('nor if it returned both forms', async () => {
  const asked: string[] = []
  const { world, say } = setUp((issuer) => {
    asked.push(issuer)
    return listed
  }, 'answer')
  world.ofOld = 'forbid'

  expect([await say(ofNew), await say(good)]).toEqual([ACCEPTED, NOT_IN_USE])
  expect(asked).toEqual([NEW, OLD])
})
