/**
 * Calls that wait: for an answer that close() has overtaken, for a turn to fetch keys, for the other form of a pool. None of
 * them may harm a tenant that is real.
 */
import { cognito, createVerifier, type TrustedResolver, type Verifier } from 'jwt-gate'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { createClock } from '../verify/support/clock.ts'
import { ACCEPTED, NOW } from './setup.ts'
import { claims, everyTenant, forge, idp, mint, nameOf, say, setUp, turn } from './tenants.ts'

const pool = await createTestIssuer({ now: () => NOW * 1_000 })
const oldOf = (at: number) => `https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_P${at}`
const newOf = (at: number) => oldOf(at).replace('//cognito-idp.', '//issuer-cognito-idp.')
const mintPool = (iss: string) => pool.accessToken({ exp: NOW + 86_400, iss })
const forgePool = async (iss: string) => (await mintPool(iss)).replace(/[^.]+$/, 'AAAA')

/** Many pools, none of which uses its newer form. */
function setUpPools() {
  const { now } = createClock(NOW * 1_000)
  const events: string[] = []
  const fetch = async (address: unknown) => {
    await new Promise((resolve) => setImmediate(resolve))
    const isUsed = !String(address).includes('//issuer-')
    return isUsed ? Response.json(pool.jwks) : new Response('Forbidden', { status: 403 })
  }
  const resolve: TrustedResolver = (iss) => {
    const userPoolId = iss.slice(iss.lastIndexOf('/') + 1)
    return cognito({ userPoolId, clientId: pool.clientId, tokenUse: 'access' })
  }
  const onEvent = ({ type }: { type: string }) => events.push(type)
  const options = { now, fetch: fetch as typeof globalThis.fetch, onEvent }
  return { events, verifier: createVerifier(resolve, options) as Verifier }
}

test.each<[string, (call: number) => object]>([
  ['another audience', (call) => ({ audience: call === 0 ? ['api', 'more'] : 'api' })],
  [
    'a schema of its own',
    () => ({
      claims: {
        '~standard': { version: 1, vendor: 'a', validate: (value: unknown) => ({ value }) },
      },
    }),
  ],
])('an answer that close() has overtaken, with %s, does not end the keys', async (_, more) => {
  const open: (() => void)[] = []
  const resolve = ((issuer: string) => {
    const call = open.length
    const answer = { issuer, audience: 'api', jwksUri: `${issuer}/jwks`, ...more(call) }
    return new Promise((done) => open.push(() => done(answer)))
  }) as TrustedResolver
  const { verifier, clock } = setUp({}, resolve)
  const token = await mint('a')
  const before = say(verifier, token)
  await turn()
  verifier.close()
  const after = say(verifier, token)
  await turn()
  open[1]?.()
  expect(await after).toBe(ACCEPTED)
  open[0]?.()
  await before

  for (let minute = 0; minute < 5; minute++) {
    clock.advance(61_000)
    const said = say(verifier, token)
    await turn()
    open.at(-1)?.()
    expect(await said).toBe(ACCEPTED)
  }
})

test('a rotated key whose look-up gets no turn is no Deny that API Gateway caches', async () => {
  const other = await createTestIssuer()
  const state = { isRotated: false }
  const keysOf = () => (state.isRotated ? other : idp)
  const { verifier, world } = setUp({ jwks: { timeoutMs: 200 } }, everyTenant, keysOf)
  expect(await say(verifier, await forge('a'))).toBe('ERR_TOKEN_SIGNATURE')
  state.isRotated = true
  const rotated = await other.token({ ...claims, iss: nameOf('a') })
  const forged = await Promise.all(Array.from({ length: 250 }, (_, at) => forge(at)))
  world.behave('hang')
  const flood = forged.map((one) => say(verifier, one))

  const handler = createAuthorizer(verifier)
  const decision = handler(createAuthorizerEvent('http-2.0', { token: rotated }))

  await expect(decision).rejects.toThrow(/^The authorizer could not decide/)
  verifier.close()
  await Promise.all(flood)
})

test('100 forms that are not in use hold no place while they wait for the other forms', async () => {
  const { verifier, events } = setUpPools()
  const forged = await Promise.all(Array.from({ length: 100 }, (_, at) => forgePool(newOf(at))))
  const good = await Promise.all(Array.from({ length: 10 }, (_, at) => mintPool(oldOf(100 + at))))

  const flood = Promise.all(forged.map((one) => say(verifier, one)))
  const said = await Promise.all(good.map((one) => say(verifier, one)))

  expect(new Set(said)).toEqual(new Set([ACCEPTED]))
  expect(new Set(await flood)).toEqual(new Set(['ERR_CLAIM_ISSUER iss not_in_use']))
  expect(events).not.toContain('jwks.failed')
})

test('made-up kids of listed tenants leave half of the budget to the first keys of others', async () => {
  const listed = new Set(Array.from({ length: 300 }, (_, at) => nameOf(at)))
  const resolve: TrustedResolver = (iss) => (listed.has(iss) ? everyTenant(iss) : undefined)
  const { verifier } = setUp({ maxIssuers: 300 }, resolve)
  for (const kid of ['x', 'y', 'z']) {
    for (let at = 0; at < 140; at++) await say(verifier, await forge(at, { kid }))
  }

  const good = await Promise.all(Array.from({ length: 100 }, (_, at) => mint(150 + at)))
  const said = await Promise.all(good.map((one) => say(verifier, one)))

  expect(new Set(said)).toEqual(new Set([ACCEPTED]))
})

test('close() during hydrate() begins nothing anew', async () => {
  const asked: string[] = []
  const fetch = (address: unknown, init?: RequestInit): Promise<Response> => {
    asked.push(String(address))
    const signal = init?.signal as AbortSignal
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  }
  const { userPoolId, clientId } = pool
  const verifier = createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access' }), {
    fetch: fetch as typeof globalThis.fetch,
  })

  const hydrating = verifier.hydrate()
  await turn()
  verifier.close()

  await expect(hydrating).rejects.toMatchObject({ reason: 'closed' })
  expect(asked).toHaveLength(1)
})
